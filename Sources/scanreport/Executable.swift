import FoundationEssentials

/// This program's own file.
enum Executable {
    /// The path that the kernel started, whatever it was called by.
    static var path: String {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return link ?? CommandLine.arguments.first ?? "scanreport"
    }
}
