import Glibc

/// What the system tells of who wants its processors.
enum ProcessorLoad {
    static let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)

    /// How many of all processes' threads run or could run now, the caller's among them; nil where nobody tells.
    static var runnable: Int? {
        guard let file = fopen("/proc/loadavg", "r") else { return nil }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, Int32(text.count), file) != nil else { return nil }
        // As in `0.20 0.18 0.12 1/80 11206`: runnable ones before the slash.
        let fields = text.prefix { $0 != 0 }.split(separator: CChar(UInt8(ascii: " ")))
        guard fields.count > 3 else { return nil }
        let digits = fields[3].prefix { $0 != CChar(UInt8(ascii: "/")) }
        return Int(String(decoding: digits.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// How often this process's threads had to leave a core to others, since it began.
    static var interruptions: Int {
        var usage = rusage()
        return getrusage(RUSAGE_SELF.rawValue, &usage) == 0 ? usage.ru_nivcsw : 0
    }
}
