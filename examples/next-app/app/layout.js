export const metadata = { title: "Next app" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body
        style={{
          font: "16px/1.6 system-ui, sans-serif",
          maxWidth: "38rem",
          margin: "64px auto",
          padding: "0 16px",
          colorScheme: "light dark",
        }}
      >
        {children}
      </body>
    </html>
  );
}
