/// How the batch starts a worker.
public struct WorkerCommand: Sendable, Hashable {
    let executable: String
    /// Without the program's name; the worker's options come after them.
    let leadingArguments: [String]
    let pipelineDirectory: String
    let memoryLimit: Int64

    /// This program's own command `worker`: the very file that runs now, so that a program replaced in the night
    /// does not mix with itself.
    public static func thisProgram(pipelineDirectory: String, memoryLimit: Int64 = defaultMemoryLimit) -> Self {
        Self(
            executable: "/proc/self/exe", leadingArguments: ["worker"], pipelineDirectory: pipelineDirectory,
            memoryLimit: memoryLimit)
    }

    /// In bytes.
    public static let defaultMemoryLimit: Int64 = 2 << 30

    package init(executable: String, leadingArguments: [String], pipelineDirectory: String, memoryLimit: Int64) {
        self.executable = executable
        self.leadingArguments = leadingArguments
        self.pipelineDirectory = pipelineDirectory
        self.memoryLimit = memoryLimit
    }

    func arguments(tileThreads: Int) -> [String] {
        let options = WorkerOptions(
            pipelineDirectory: pipelineDirectory, tileThreads: tileThreads, memoryLimit: memoryLimit)
        return leadingArguments + options.arguments
    }

    /// What a worker finds in its environment beside what the batch has.
    package static let environment = [
        // One network runs on one thread, and libgomp reads this when it is loaded.
        "OMP_NUM_THREADS": "1",
        // A crash is an answer here; a symbolised backtrace would only delay it.
        "SWIFT_BACKTRACE": "enable=no",
    ]
}
