import { contract } from "@cloudsmith/contracts/api";
import { version } from "../version.ts";

let document: Promise<unknown> | undefined;

/** The OpenAPI 3.1 document of the whole contract. Made on first use: its generator is not needed to serve anything else. */
export function openApiDocument(): Promise<unknown> {
  document ??= generate();
  return document;
}

async function generate(): Promise<unknown> {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }, { ErrorBody }, z] = await Promise.all([
    import("@orpc/openapi"),
    import("@orpc/zod/zod4"),
    import("@cloudsmith/contracts"),
    import("zod"),
  ]);
  const { $schema: _, ...errorSchema } = z.toJSONSchema(ErrorBody);
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const generated = await generator.generate(contract, {
    info: { title: "CloudSmith", version },
    servers: [{ url: "/api" }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      // zod writes plain JSON Schema 2020-12, which is what OpenAPI 3.1 takes; the two libraries type it differently.
      schemas: { Error: errorSchema as object },
    },
    customErrorResponseBodySchema: () => ({ $ref: "#/components/schemas/Error" }),
  });
  // Undefined fields are no JSON, and what is served is JSON.
  return JSON.parse(JSON.stringify(generated));
}
