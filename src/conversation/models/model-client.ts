/** The client of one model, and the one tool that it is offered. */
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { tool, type LanguageModel, type ToolSet } from "ai";
import { z } from "zod";
import type { LocalModel } from "../../brain/local-model.js";
import { ACTION_GRAMMAR } from "../reply/action-grammar.js";
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
  if (provider === "local") return localClient(model, services.local);
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

/** Its door is known when it serves, and may be another one after a restart: each request looks where it is. */
function localClient(model: string, local: LocalModel): LanguageModel {
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const door = local.door();
    if (door === undefined) return Promise.reject(new TypeError(local.whyNot() ?? "it is away"));
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return modelFetch(`http://${door}${pathname}`, init);
  };
  return createOpenAICompatible({
    name: "local",
    baseURL: "http://local.invalid/v1",
    apiKey: local.token,
    includeUsage: true,
    fetch: fetch as typeof globalThis.fetch,
    transformRequestBody: (body) => ({ ...body, grammar: ACTION_GRAMMAR }),
  })(model);
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
