import Findings
import FoundationEssentials
import Glibc
import Slides

/// What a scan's words make the worker do.
struct Behaviour {
    let words: [String]
    let spacing: Double?
    let isOutlined: Bool
    let file: Int32
    let parts: [ScanFiles.Part]

    /// Where the service keeps the channel: the first descriptor above the standard streams.
    private let channel: Int32 = 3

    var outcome: AnalysisOutcome {
        let argument = words.count > 1 ? words[1] : ""
        switch words.first {
        case "findings": return done(.findings, count: Int(argument) ?? 1)
        case "parts": return done(.findings, count: parts.count { content(of: $0) == $0.name })
        case "no-tissue": return done(.noTissue)
        case "rejected": return done(.rejected)
        case "malformed": return .failed(AnalysisFailure(stage: .read, code: .malformed, message: "words are no image"))
        case "changed":
            return .failed(AnalysisFailure(stage: .read, code: .changed, message: "the file changed while it was read"))
        case "malformed-once-changed":
            let size = fileSize
            while fileSize == size { usleep(10_000) }
            return .failed(AnalysisFailure(stage: .read, code: .malformed, message: "words are no image"))
        case "not-a-number": return done(.findings, count: 1, confidence: .nan)
        case "no-probability": return done(.findings, count: 1, confidence: 2)
        case "impossible": return done(.findings, count: 1, label: "")
        case "slow":
            usleep((UInt32(argument) ?? 0) * 1000)
            return done(.findings, count: 1)
        case "print":
            for _ in 0..<2000 { print("a library that talks, to standard output and on and on") }
            return done(.findings, count: 1)
        case "crash": raise(SIGSEGV)
        case "crash-while":
            if access(argument, F_OK) == 0 { raise(SIGSEGV) }
            return done(.findings, count: 1)
        case "read": return done(open(argument, O_RDONLY) < 0 && errno == EACCES ? .noTissue : .rejected)
        case "list": return done(opendir(argument) == nil && errno == EACCES ? .noTissue : .rejected)
        case "create":
            return done(open(argument, O_CREAT | O_WRONLY, 0o600) < 0 && errno == EACCES ? .noTissue : .rejected)
        case "delete": return done(unlink(argument) < 0 && errno == EACCES ? .noTissue : .rejected)
        case "execute": return done(system("exec \(argument)") != 0 ? .noTissue : .rejected)
        case "fork": return refused(fork())
        case "chmod": return refused(fchmod(file, 0o777))
        case "datagram": return refused(socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        case "path-socket": return refused(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        case "shared-memory":
            let memory = mmap(nil, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
            return refused(memory == MAP_FAILED ? -1 : 0)
        case "signal": return refused(kill(getppid(), 0))
        case "kill": raise(SIGKILL)
        case "exit": exit(0)
        case "hang": while true { sleep(60) }
        case "spin": while true { _ = words.hashValue }
        case "allocate":
            var hoard: [[UInt8]] = []
            while true { hoard.append([UInt8](repeating: UInt8(hoard.count & 0xFF), count: 16 << 20)) }
        case "nonsense": write("\u{4}\0\0\0oops")
        case "oversize": write("\u{7F}\u{7F}\u{7F}\u{7F}")
        case "half": write("\u{40}\0\0\0{")
        default: break
        }
        return .failed(AnalysisFailure(stage: .read, code: .unsupported, message: "unknown words"))
    }

    /// Says that there is no tissue where the kernel refused what was asked of it.
    private func refused(_ answer: Int32) -> AnalysisOutcome { done(answer < 0 ? .noTissue : .rejected) }

    private var fileSize: Int64 {
        var status = stat()
        return fstat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    private func content(of part: ScanFiles.Part) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(part.descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(channel, bytes, bytes.count)
        if words.first == "half" { exit(3) }
    }

    private func done(
        _ status: AnalysisResult.Status, count: Int = 0, confidence: Double = 0.75, label: String = "Normal"
    ) -> AnalysisOutcome {
        let findings = (0..<count).map { ordinal in
            Finding(
                ordinal: ordinal, kind: .region, label: isOutlined ? "outlined" : label, confidence: confidence,
                rawConfidence: 1.0 / 3,
                box: .init(x: ordinal, y: 1, width: 3, height: 4), centroid: .init(x: Double(ordinal) + 0.1, y: 2.5),
                areaPixels: 12, areaSquareMicrometres: spacing.map { 12 * $0 * $0 },
                probabilities: [.init(label: "Normal", probability: 0.75), .init(label: "Polyp", probability: 0.25)],
                measurements: ["perimeter_px": 14.1], geometry: Data([1, 2, 3, UInt8(ordinal & 0xFF)]))
        }
        let threads = Double(TestWorker.option("--tile-threads")) ?? 0
        return .done(
            AnalysisResult(status: status, remarks: [], quality: ["tile_threads": threads], findings: findings))
    }
}
