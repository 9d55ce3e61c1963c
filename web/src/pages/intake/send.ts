// Sending a message by hand, and asking what would be understood of it.
import { ask, client } from "@/api/client";
import type { components } from "@/api/openapi";

type Schemas = components["schemas"];

const asBytes = (body: Uint8Array<ArrayBuffer>, type: string | null) => ({
  // Bytes go as they are, whatever the description's type for "any content" is.
  body: body as never,
  bodySerializer: () => body,
  headers: { "Content-Type": type ?? "application/octet-stream" },
});

export function sendMessage(
  source: string,
  body: Uint8Array<ArrayBuffer>,
  type: string | null,
): Promise<Schemas["ReceiptAnswer"]> {
  const call = client.POST("/v1/sources/{source}/messages", {
    params: { path: { source } },
    ...asBytes(body, type),
  });
  return ask(call) as Promise<Schemas["ReceiptAnswer"]>;
}

export function previewMessage(
  source: string,
  body: Uint8Array<ArrayBuffer>,
  type: string | null,
): Promise<Schemas["Preview"]> {
  const call = client.POST("/v1/sources/{source}/preview", {
    params: { path: { source } },
    ...asBytes(body, type),
  });
  return ask(call);
}
