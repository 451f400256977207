import FindingStore
import Findings
import FoundationEssentials
import Imaging

/// One image of a scan with those of its findings that have an outline, and its graded tiles, for exports that write a file
/// a picture.
struct PictureFindings {
    /// The scan's hash, or what stands for it.
    let sha256: ContentHash
    /// The scan's path, or what stands for it.
    let path: String
    /// Which of the scan's images, from 0.
    let image: Int
    let width: Int
    let height: Int
    let spacing: RecordedSpacing?
    /// Whose scan it is, or what stands for them; of several, the first.
    let patient: String
    /// In the order of the CSV; of an object without an outline, the pixels of its box.
    let outlined: [(row: FindingRow, pixels: RunLengths)]
    /// Those that are findings, in the order of the CSV.
    let tiles: [FindingRow]
    /// What the image was graded as, by one stage or several, in the order of the CSV.
    let grades: [FindingRow]
    /// What was kept of all tiles that were graded, findings or not.
    let heatMaps: [HeatMap]

    /// Nil where nobody measured it: an assumed one must not look measured.
    var measuredMicrometresPerPixel: Double? {
        spacing?.source == .assumed ? nil : spacing?.micrometresPerPixel
    }
}

extension ExportQuestion {
    /// Calls `body` once for each image of each scan that was analysed and that the filter leaves, also where nothing in it
    /// has an outline.
    func forEachPicture(_ body: (PictureFindings) throws -> Void) throws {
        try store.snapshot {
            var images: [ContentHash: Scan.Image] = [:]
            for scan in try store.scans() { images[scan.scan.sha256] = scan.scan.image }
            var seen: Set<ContentHash> = []
            let analyses = try store.analyses(filter)
            var analysesOfScans: [ContentHash: Set<Int64>] = [:]
            for analysis in analyses {
                guard let sha256 = analysis.scanSHA256 else { continue }
                analysesOfScans[sha256, default: []].insert(analysis.origin.analysisID)
            }
            for analysis in analyses {
                guard case .done = analysis.outcome, let sha256 = analysis.scanSHA256, let image = images[sha256],
                    seen.insert(sha256).inserted
                else { continue }
                var ofScan = filter
                ofScan.scan = sha256.hexadecimal
                ofScan.patient = analysis.patient
                let heatMaps = try (analysesOfScans[sha256] ?? []).sorted().flatMap {
                    try store.heatMaps(ofAnalysis: $0)
                }
                for picture in try pictures(ofScan, of: analysis, sha256, image, heatMaps) { try body(picture) }
            }
        }
    }

    private func pictures(
        _ filter: FindingFilter, of analysis: AnalysisRow, _ sha256: ContentHash, _ image: Scan.Image,
        _ heatMaps: [HeatMap]
    ) throws -> [PictureFindings] {
        var outlined: [Int: [(row: FindingRow, pixels: RunLengths)]] = [0: []]
        var tiles: [Int: [FindingRow]] = [:]
        var grades: [Int: [FindingRow]] = [:]
        // The first image is the scan's; of the others, their findings tell size and spacing.
        var sizes = [0: (image.width, image.height)]
        var spacings = [0: analysis.origin.spacing]
        try store.forEachFinding(filter, includingGeometry: true) { row in
            let finding = row.finding
            if finding.image > 0, sizes[finding.image] == nil, let size = finding.imageSize {
                sizes[finding.image] = size
                let own = finding.measurements["image_spacing_um_px"]
                // Where it is another than the scan's, nobody knows from where.
                spacings[finding.image] = own == analysis.origin.spacing?.micrometresPerPixel ? spacings[0] : nil
            }
            let shown = pseudonyms?.row(row) ?? row
            if let geometry = finding.geometry {
                outlined[finding.image, default: []].append((shown, try pixels(geometry, of: row)))
            } else if finding.kind == .object {
                outlined[finding.image, default: []].append((shown, RunLengths(filling: finding.box)))
            }
            if finding.kind == .tile { tiles[finding.image, default: []].append(shown) }
            if finding.kind == .scan, !finding.isCount { grades[finding.image, default: []].append(shown) }
        }
        return try Set(outlined.keys).union(tiles.keys).sorted().map { index in
            guard let (width, height) = sizes[index] else {
                throw ExportError(
                    .damagedFinding, "image \(index) of scan \(sha256.prefix) has findings, but no known size")
            }
            return PictureFindings(
                sha256: pseudonyms?.scan(sha256) ?? sha256, path: pseudonyms?.path(analysis.scan) ?? analysis.scan,
                image: index, width: width, height: height, spacing: spacings[index] ?? nil,
                patient: pseudonyms?.patient(analysis.patient) ?? analysis.patient,
                outlined: outlined[index] ?? [], tiles: tiles[index] ?? [], grades: grades[index] ?? [],
                heatMaps: heatMaps.filter { $0.image == index })
        }
    }
}

extension Finding {
    /// Width and height of its image, where that is not the one that describes the scan; nil where nobody can say.
    public var imageSize: (Int, Int)? {
        guard let width = measurements["image_width_px"].flatMap({ Int(exactly: $0) }),
            let height = measurements["image_height_px"].flatMap({ Int(exactly: $0) }), width > 0, height > 0
        else { return kind == .scan ? (box.width, box.height) : nil }
        return (width, height)
    }
}

extension RunLengths {
    fileprivate init(filling box: Finding.Box) {
        self.init(
            joining: (box.y..<box.y + box.height).map { PixelRun(row: $0, start: box.x, length: box.width) })
    }
}

private func pixels(_ geometry: Data, of row: FindingRow) throws(ExportError) -> RunLengths {
    try RunLengths(storedIn: geometry, of: row.id, in: row.scanSHA256)
}

extension RunLengths {
    /// The exact pixels of a finding, as the database has them.
    ///
    /// - Throws: `damagedFinding`.
    public init(storedIn geometry: Data, of finding: FindingID, in scan: ContentHash) throws(ExportError) {
        do throws(ImagingError) {
            self = try RunLengths(decoding: Array(geometry))
        } catch {
            throw ExportError(
                .damagedFinding,
                "the database is damaged: the pixels of finding \(finding.hexadecimal.prefix(8)) of scan "
                    + "\(scan.prefix) cannot be read: \(error)")
        }
    }
}
