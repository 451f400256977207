import Analysis
import Findings
import Glibc
import SystemPackage

/// A folder of outlines by scan: GeoJSON files that are called as the scans are, with or without their suffix and their
/// folders.
///
/// A scan's file is found as a manifest's row finds its scan (``ManifestMatch``).
public struct OutlineFolder: Sendable {
    private let files: [(path: ScanPath, mark: String)]
    /// Absolute.
    private let folder: ScanPath

    private static let suffix = ".geojson"
    private static let deepest = 16
    private static let mostFiles = 1_000_000

    /// - Throws: `missingInput` for a folder that is not there, `unusableManifest` for one that cannot be listed.
    public init(path: String) throws(BatchError) {
        guard let folder = realPath(path) else {
            throw BatchError(
                .missingInput, "the folder of outlines \(path.printable) cannot be found: \(Errno(rawValue: errno))")
        }
        self.folder = folder
        var files: [(path: ScanPath, mark: String)] = []
        do throws(AnalysisFailure) {
            try OutlineFolder.list(ScanPath(""), in: folder, depth: 0, &files)
        } catch {
            throw BatchError(.unusableManifest, "the folder of outlines cannot be listed: \(error.message)")
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    private static func list(
        _ place: ScanPath, in folder: ScanPath, depth: Int, _ files: inout [(path: ScanPath, mark: String)]
    ) throws(AnalysisFailure) {
        let opened = try OpenFolder(place, in: folder)
        var entries = try opened.entries()
        while let entry = entries.popLast() {
            let path = place.appending(entry.name)
            if entry.isFolder {
                guard depth < deepest else {
                    throw AnalysisFailure(stage: .open, code: .limit, message: "it is deeper than \(deepest) folders")
                }
                try list(path, in: folder, depth: depth + 1, &files)
            } else if entry.name.lowercased().hasSuffix(suffix) {
                guard files.count < mostFiles else {
                    throw AnalysisFailure(stage: .open, code: .limit, message: "it holds more than \(mostFiles) files")
                }
                files.append((path, PlaceMark.digits(opened.status(of: entry.name), name: entry.name)))
            }
        }
    }

    /// What is known of the scans, in their order.
    struct Assigned {
        /// Nil for a scan without a file.
        var outlines: [RegionsOfInterest?]
        /// What a person should know of the files.
        var notices: [Notice]
    }

    /// - Throws: `unusableManifest` for a file that holds no outlines, and two files for one scan.
    func assigned(to scans: [DiscoveredScan]) throws(BatchError) -> Assigned {
        let rows = files.enumerated().map { number, file in
            ManifestRow(line: number, path: ManifestPath(String(file.path.text.dropLast(OutlineFolder.suffix.count))))
        }
        let match = ManifestMatch(Manifest(rows: rows, folder: folder), scans)
        var outlines: [RegionsOfInterest?] = []
        for rows in match.rows {
            guard rows.count < 2 else {
                let marks = rows.map { files[$0.line].mark }.joined(separator: ", ")
                throw BatchError(.unusableManifest, "files \(marks) of outlines are of one scan: leave one")
            }
            outlines.append(try rows.first.map { (row) throws(BatchError) in try read(files[row.line]) })
        }
        func marks(_ rows: [ManifestRow]) -> [String] { rows.map { files[$0.line].mark } }
        let without = zip(scans, outlines).filter { $0.1 == nil }.map(\.0.mark)
        return Assigned(
            outlines: outlines,
            notices: [
                Notice(.outlinesOfNoScan, marks(match.unmatched)),
                Notice(.outlinesOfSeveralScans, marks(match.ambiguous)), Notice(.scanWithoutOutlines, without),
            ].compactMap(\.self))
    }

    private func read(_ file: (path: ScanPath, mark: String)) throws(BatchError) -> RegionsOfInterest {
        func refuse(_ problem: some CustomStringConvertible) -> BatchError {
            BatchError(.unusableManifest, "the outlines in file \(file.mark) cannot be used: \(problem)")
        }
        var bytes: [UInt8] = []
        do throws(AnalysisFailure) {
            let opened = try OpenedScan(
                owning: openPlace(file.path, in: folder, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY).release())
            bytes = try opened.bytes(atMost: OutlineFeature.mostBytes + 1)
        } catch { throw refuse(error.message) }
        do throws(OutlineError) { return try RegionsOfInterest(geoJSON: OutlineFeature.text(of: bytes)) } catch {
            throw refuse(error)
        }
    }
}
