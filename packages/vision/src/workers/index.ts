export { FaceFollower } from "./face-follower.ts";
export type { FaceWorkerLike } from "./face-lane.ts";
export { FacePool, type FacePoolOptions } from "./face-pool.ts";
export type { FollowedPooledFace, PoolClassifier, PooledFace, PooledFrame } from "./messages.ts";
export type { PoolSource } from "./pack-picture.ts";
