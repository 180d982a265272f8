/** The client of one model, and the one tool that it is offered. */
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { tool, type LanguageModel, type ToolSet } from "ai";
import { z } from "zod";
import { ACTION_FORMS } from "../reply/actions.js";
import { TOOL_NAME } from "../reply/written-calls.js";
import { modelFetch } from "./answer-stream.js";
import type { ModelRef, ModelServices } from "./model-refs.js";
import type { RequestForm } from "./request-form.js";

/** @param form what the service was found to take; read anew for each request. */
export function clientOf(
  { provider, model }: ModelRef,
  services: ModelServices,
  form: () => Pick<RequestForm, "lengthName" | "hasUsage">,
): LanguageModel {
  const fetch = modelFetch as typeof globalThis.fetch;
  const { baseUrl, basic } = services[provider];
  const headers = basic === undefined ? {} : { headers: { authorization: basic } };
  if (provider === "google") {
    // Without a key the service is asked all the same and says so itself: an explicit "" keeps the SDK from throwing.
    const { apiKey } = services.google;
    return createGoogleGenerativeAI({ baseURL: baseUrl, apiKey: apiKey ?? "", fetch, ...headers })(
      model,
    );
  }
  const transformRequestBody = (body: Record<string, unknown>): Record<string, unknown> => {
    const { max_tokens: length, stream_options: figures, ...rest } = body;
    const { lengthName, hasUsage } = form();
    return {
      ...rest,
      [lengthName]: length,
      ...(hasUsage && figures !== undefined && { stream_options: figures }),
    };
  };
  const own = { includeUsage: true, fetch, transformRequestBody, ...headers };
  if (provider === "ollama") {
    return createOpenAICompatible({ name: "ollama", baseURL: `${baseUrl}/v1`, ...own })(model);
  }
  const { apiKey } = services.openai;
  // A key beside a user and a password would overwrite their header.
  const key = apiKey === undefined || basic !== undefined ? {} : { apiKey };
  return createOpenAICompatible({ name: "openai", baseURL: baseUrl, ...key, ...own })(model);
}

/** The one tool: a wish, checked like a tag. Its answer is the same whether it is granted or not. */
export function actionTools(onWish: (wish: string) => void): ToolSet {
  return {
    [TOOL_NAME]: tool({
      description: `Moves your body. One of: ${ACTION_FORMS.join("; ")}.`,
      inputSchema: z.object({ action: z.string().max(60) }),
      execute: ({ action }) => {
        onWish(action);
        return "noted; go on with your words";
      },
    }),
  };
}
