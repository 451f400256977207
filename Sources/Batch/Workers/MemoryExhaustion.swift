import FoundationEssentials

/// How often the kernel has ended a process because memory ran out, on the machine or in a control group.
enum MemoryExhaustion {
    /// Since the machine started; 0 where the kernel does not tell.
    static var count: Int {
        let statistics = (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)) ?? ""
        let line = statistics.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
    }
}
