import ArgumentParser

/// The exit codes that scripts may rely on.
enum ExitStatus: Int32 {
    /// Finished, but look: some scans failed, or were left for later.
    case attention = 1
    case wrongUsage = 64
    /// A pipeline, model, manifest or database that cannot be used.
    case unusable = 65
    /// An input that is not there.
    case missing = 66
    /// A defect of ours.
    case defect = 70
    case cannotCreate = 73
    case inputOutput = 74
    /// Another run holds the database: try later.
    case busy = 75
}

/// Ends the program with a sentence on standard error and an exit code.
struct CommandFailure: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
