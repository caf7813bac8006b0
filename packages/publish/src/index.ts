export { readCertificates } from "./broker/certificates.ts";
export { type BrokerKind, readTarget, type Target } from "./broker/target.ts";
export { MESSAGE_KINDS, MESSAGE_VERSION, type Message, type MessageKind } from "./message/message.ts";
export {
  type DeliveryCounts,
  type DeliveryNotice,
  Publisher,
  type PublisherOptions,
} from "./publisher.ts";
export { defaultSpoolFolder } from "./spool/default-folder.ts";
