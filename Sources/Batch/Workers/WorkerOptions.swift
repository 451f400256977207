/// How a worker is started: what the hidden command `worker` is given.
public struct WorkerOptions: Sendable, Hashable {
    public let pipelineDirectory: String
    /// Threads that compute tiles of the one scan that the worker has in hand.
    public let tileThreads: Int
    /// The most private memory a worker may hold, in bytes.
    public let memoryLimit: Int64

    /// - Precondition: at least one thread, and some memory.
    public init(pipelineDirectory: String, tileThreads: Int, memoryLimit: Int64) {
        precondition(tileThreads > 0 && memoryLimit > 0)
        self.pipelineDirectory = pipelineDirectory
        self.tileThreads = tileThreads
        self.memoryLimit = memoryLimit
    }

    /// The arguments after the command's name.
    public var arguments: [String] {
        [
            "--pipeline", pipelineDirectory, "--tile-threads", String(tileThreads), "--memory-limit",
            String(memoryLimit),
        ]
    }
}
