/** The schema's steps in their order; a step is never changed once it is released. */
export const migrations = [
  { id: "001-create-notes", apply: (data) => ({ ...data, notes: [] }) },
  {
    id: "002-number-notes",
    apply: (data) => ({ ...data, notes: data.notes.map((text, index) => ({ id: index + 1, text })) }),
  },
];
