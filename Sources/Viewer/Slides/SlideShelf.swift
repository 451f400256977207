import Batch
import Dispatch
import FindingStore
import Findings
import Synchronization

/// The slides that are looked at: their files, the processes that read them, and tiles that were read before.
final class SlideShelf: Sendable {
    /// What can be shown of a scan.
    enum Standing: Sendable {
        case open(SlideFile)
        /// A file is there, but holds other bytes than those that were analysed.
        case changed
        /// No file is there.
        case missing

        /// For the page.
        var name: String {
            switch self {
            case .open: "open"
            case .changed: "changed"
            case .missing: "missing"
            }
        }
    }

    private struct Slide {
        let standing: Standing
        let at: ContinuousClock.Instant
        var usedAt: ContinuousClock.Instant
        var readers: [TileReader] = []
    }

    private let command: TileReaderCommand
    private let database: String
    private let opening = DispatchQueue(label: "scanreport.slides")
    private let slides = Mutex<[ContentHash: Slide]>([:])
    private let tiles = TileCache(limit: 48 << 20)

    private static let mostSlides = 4
    private static let readersOfSlide = 2
    /// Tiles that wait for one slide, at most.
    private static let mostWaiting = 200
    /// After so long it is looked again whether a file has come back.
    private static let patience: Duration = .seconds(10)

    init(_ command: TileReaderCommand, database: String) {
        allowManyOpenFiles()
        self.command = command
        self.database = database
    }

    func standing(of scan: Scan) async -> Standing {
        if let known = known(scan.sha256) { return known }
        // Hashing takes its time: one at a time, and beside the pages.
        return await withCheckedContinuation { continuation in
            opening.async {
                if let known = self.known(scan.sha256) { return continuation.resume(returning: known) }
                let standing = (try? self.open(scan)) ?? .missing
                self.shelve(standing, scan.sha256)
                continuation.resume(returning: standing)
            }
        }
    }

    private func open(_ scan: Scan) throws(StoreError) -> Standing {
        let store = try FindingStore.openForReading(at: database)
        var isThere = false
        for place in try store.places(of: scan.sha256) {
            do {
                let file = try SlideFile(place, of: scan) { stamp in (try? store.hash(of: stamp)) == scan.sha256 }
                if let file { return .open(file) }
                isThere = true
            } catch {}
        }
        return isThere ? .changed : .missing
    }

    private func known(_ scan: ContentHash) -> Standing? {
        slides.withLock { slides in
            guard let slide = slides[scan] else { return nil }
            if case .open(let file) = slide.standing {
                if file.isUnchanged { return slide.standing }
            } else if slide.at + Self.patience > .now {
                return slide.standing
            }
            slides[scan] = nil
            return nil
        }
    }

    private func shelve(_ standing: Standing, _ scan: ContentHash) {
        slides.withLock { slides in
            slides[scan] = Slide(standing: standing, at: .now, usedAt: .now)
            while slides.count > Self.mostSlides, let oldest = slides.min(by: { $0.value.usedAt < $1.value.usedAt }) {
                slides[oldest.key] = nil
            }
        }
    }

    /// - Returns: nil where there is no file to read it from, or too many wait.
    func tile(_ address: TileAddress, of scan: Scan) async -> TileMessage.Answer? {
        guard case .open(let file) = await standing(of: scan) else { return nil }
        let key = TileCache.Key(scan: scan.sha256, tile: address)
        if let answer = tiles[key] { return answer }
        guard let reader = reader(of: scan.sha256, file) else { return nil }
        let answer = await reader.tile(address)
        // What failed may not fail again.
        if answer != .unreadable { tiles[key] = answer }
        return answer
    }

    private func reader(of scan: ContentHash, _ file: SlideFile) -> TileReader? {
        slides.withLock { slides in
            slides[scan]?.usedAt = .now
            var readers = slides[scan]?.readers ?? []
            guard readers.reduce(0, { $0 + $1.waiting }) < Self.mostWaiting else { return nil }
            if let idle = readers.first(where: { $0.waiting == 0 }) { return idle }
            if readers.count < Self.readersOfSlide {
                let reader = TileReader(command, reading: file)
                readers.append(reader)
                slides[scan]?.readers = readers
                return reader
            }
            return readers.min { $0.waiting < $1.waiting }
        }
    }
}
