// Short names for the API's own types; nothing is declared twice.
import type { components } from "./openapi";

type Schemas = components["schemas"];

export type Role = Schemas["KeyRole"];
export type PartnerRole = Schemas["Role"];
export type OrderRow = Schemas["OrderItem"];
export type Order = Schemas["State"];
export type Handoff = Schemas["HandoffState"];
export type Happened = Schemas["Happened"];
export type MilestoneState = Schemas["MilestoneState"];
export type Milestone = Schemas["Milestone"];
export type Version = Schemas["Version"];
export type Classifier = Schemas["Classifier"];
export type Clock = Schemas["SlaState"];
export type Promised = Schemas["PromiseLedger"];
export type OrderException = Schemas["ExceptionState"];
export type ExceptionRow = Schemas["ExceptionItem"];
export type ExceptionCode = Schemas["ExceptionCode"];
export type Explained = Schemas["Explained"];
export type Explanation = Schemas["Explanation"];
export type ShownFact = Schemas["ShownFact"];
export type Statement = Schemas["Body"];
export type MessageRow = Schemas["MessageItem"];
export type Message = Schemas["MessageDetail"];
export type QuarantineRow = Schemas["QuarantineItem"];
export type Source = Schemas["SourceItem"];
export type Partner = Schemas["PartnerItem"];
export type PackRow = Schemas["PackItem"];
export type Pack = Schemas["PackDetail"];
export type Money = Schemas["Money"];
export type Identifier = Schemas["Identifier"];
export type Line = Schemas["LineState"];
export type Place = Schemas["Place"];
export type Value = Schemas["Value"];
export type Phase = Schemas["Phase"];
