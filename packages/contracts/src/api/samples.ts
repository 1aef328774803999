import * as z from "zod";
import { Deployment } from "../entities.ts";
import { procedure } from "./procedure.ts";
import { ProjectView } from "./views.ts";

/** Small real apps that come with CloudSmith, the quickest first. */
export const sampleNames = ["static-site", "guestbook", "express-api", "vite-spa", "next-app"] as const;
export type SampleName = (typeof sampleNames)[number];

export const samples = {
  list: procedure("projects.read", "GET", "/samples", "Samples to try CloudSmith with").output(
    z.array(z.object({ name: z.enum(sampleNames), folder: z.string() })),
  ),
  deploy: procedure(
    "projects.write",
    "POST",
    "/samples/{sample}/deployments",
    "Deploy a sample: a copy of it, to play with, becomes a project's source",
  )
    .input(z.object({ sample: z.enum(sampleNames) }))
    .output(z.object({ project: ProjectView, deployment: Deployment })),
};
