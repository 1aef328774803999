/** A framework of PHP: the package that says so, and its folder of public files. */
export interface PhpFramework {
  readonly name: string;
  readonly label: string;
  readonly package: string;
  readonly root: string;
}

/** The table of PHP frameworks. */
export const phpFrameworks: readonly PhpFramework[] = [
  { name: "laravel", label: "Laravel", package: "laravel/framework", root: "public" },
  { name: "symfony", label: "Symfony", package: "symfony/framework-bundle", root: "public" },
  { name: "slim", label: "Slim", package: "slim/slim", root: "public" },
  { name: "codeigniter", label: "CodeIgniter", package: "codeigniter4/framework", root: "public" },
];
