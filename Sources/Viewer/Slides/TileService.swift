import Batch
import Glibc
import Imaging
import Slides

/// The whole life of a process that reads tiles of one scan: what a hostile file makes of it reaches no other scan, no
/// database and no network.
public enum TileService {
    private static let processorSeconds = 20
    private static let quality = 85
    /// Decoded tiles of the file that are kept, in bytes.
    private static let cacheSize = 32 << 20

    /// Reads the scan at standard input, with what is handed over at standard error, and answers requests for tiles there, a socket, until that is closed.
    /// Call it first thing: it limits the process.
    ///
    /// - Parameter requiresConfinement: whether nothing is read where the kernel does not confine the process.
    /// - Returns: the process' exit code.
    public static func run(memoryLimit: Int64, requiresConfinement: Bool) -> Int32 {
        WorkerLimits.apply(memory: memoryLimit)
        // What libraries print must not get among the answers.
        let channel = dup(STDERR_FILENO)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if nowhere >= 0 { dup2(nowhere, STDERR_FILENO) } else { close(STDERR_FILENO) }
        let confinement = WorkerConfinement.apply(reading: nil)
        guard confinement == .complete || !requiresConfinement else { return EX_NOPERM }
        WorkerLimits.allow(processorSeconds: processorSeconds)
        var limits = ReadingLimits.default
        limits.maximumCacheBytes = cacheSize
        limits.maximumTileCacheBytes = cacheSize
        guard let files = ScanHandover.receive(scan: STDIN_FILENO, from: channel) else { return EX_OK }
        var reader: Reader?
        while let address = TileMessage.request(from: channel) {
            WorkerLimits.allow(processorSeconds: processorSeconds)
            let answer: TileMessage.Answer
            do throws(SlideError) {
                if reader == nil { reader = try Reader(files, limits: limits) }
                let tile = try reader?.tile(address)
                answer = tile.map { .tile($0) } ?? .nothing
            } catch {
                answer = .unreadable
            }
            guard TileMessage.send(answer, to: channel) else { return EX_IOERR }
        }
        return EX_OK
    }

    private struct Reader {
        let file: any ScanFile
        let pyramids: [Pyramid]

        init(_ files: ScanFiles, limits: ReadingLimits) throws(SlideError) {
            file = try ScanFormats.standard.source(files, limits: limits).open()
            pyramids = try file.analysedPyramids()
        }

        func tile(_ address: TileAddress) throws(SlideError) -> [UInt8]? {
            guard pyramids.indices.contains(address.image) else { return nil }
            return try TilePicture(address, of: pyramids[address.image], in: file)?.picture.jpeg(quality: quality)
        }
    }
}
