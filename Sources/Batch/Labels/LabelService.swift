import Findings
import Glibc
import Labels
import Listings
import Slides

/// The whole life of a process that reads the label of one scan: a process of its own for each, for what a scan before made
/// of it must not decide whose this one is.
public enum LabelService {
    private static let processorSeconds = 60

    /// Reads the scan at standard input, with what is handed over at standard error, a socket, and writes the label's codes there,
    /// as a JSON array. Call it first
    /// thing: it limits the process.
    ///
    /// - Parameter requiresConfinement: whether nothing is read where the kernel does not confine the process.
    /// - Returns: the process' exit code.
    public static func run(memoryLimit: Int64, requiresConfinement: Bool) -> Int32 {
        WorkerLimits.apply(memory: memoryLimit)
        WorkerLimits.allow(processorSeconds: processorSeconds)
        // What libraries print must not get among the codes.
        let answer = dup(STDERR_FILENO)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if nowhere >= 0 { dup2(nowhere, STDERR_FILENO) } else { close(STDERR_FILENO) }
        let confinement = WorkerConfinement.apply(reading: nil)
        guard confinement == .complete || !requiresConfinement else { return EX_NOPERM }
        guard let files = ScanHandover.receive(scan: STDIN_FILENO, from: answer) else { return EX_PROTOCOL }
        do throws(SlideError) {
            let codes = try ScanFormats.standard.source(files).open().labelCodes()
            let bytes = Array(JSONValue.texts(codes).compact.utf8)
            return write(answer, bytes, bytes.count) == bytes.count ? EX_OK : EX_IOERR
        } catch {
            return EX_DATAERR
        }
    }
}
