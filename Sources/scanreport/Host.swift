import FoundationEssentials

/// The machine that the program runs on.
enum Host {
    static var name: String { ProcessInfo.processInfo.hostName }

    /// Cores that this process may use.
    static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }
}
