import Exports
import FindingStore
import Findings
import Listings

/// The pages of a report while they are made.
struct ReportPages {
    private let store: FindingStore
    private let filter: FindingFilter
    private let names: ReportNames
    private let folder: String
    private let runs: [Int64: RunSummary]
    private let history: History
    private let spreads: [String: Spread]
    private var pipelines: [ContentHash: PipelineIdentity] = [:]
    private var patients: [PatientLine] = []
    private var scans: [ScanLine] = []
    private var pictureCount = 0

    init(_ question: ExportQuestion, folder: String) throws {
        let store = question.store
        self.store = store
        filter = question.filter
        names = ReportNames(pseudonyms: question.pseudonyms)
        self.folder = folder
        let all = try store.runs()
        runs = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let run = question.filter.run.flatMap { id in all.first { $0.id == id } }
        let pipeline = run?.pipeline ?? all.last?.pipeline
        let history = try pipeline.map { try History(store, pipeline: $0, upTo: run) } ?? History()
        self.history = history
        spreads = Dictionary(
            history.measures.compactMap { measure in history.spread(of: measure).map { (measure, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    mutating func write() throws {
        // A patient's page links the next one's: it is written when that is known.
        var waiting: [AnalysisRow] = []
        try store.forEachAnalysis(filter) { row in
            if let first = waiting.first, first.patient != row.patient {
                try writePatient(waiting, hasNext: true)
                waiting = []
            }
            waiting.append(row)
        }
        if !waiting.isEmpty { try writePatient(waiting, hasNext: false) }
        try write(StyleSheet.name, StyleSheet.text)
        let run = filter.run.flatMap { runs[$0] }
        let night = NightPage(
            run: run, otherRuns: run.map(runsBegun(with:)) ?? [], title: title, history: history, spreads: spreads,
            patients: patients,
            scans: scans, names: names, notices: try filter.run.map { try store.notices(ofRun: $0) } ?? [])
        try write("index.html", night.page.markup.html)
    }

    /// A night of several pipelines has a run for each.
    private func runsBegun(with run: RunSummary) -> [RunSummary] {
        runs.values.filter { $0.id != run.id && $0.run.startedAt == run.run.startedAt }.sorted { $0.id < $1.id }
    }

    private var title: String {
        guard let run = filter.run.flatMap({ runs[$0] }) else {
            return filter.patient.map { "Findings of patient \(names.patient($0))" } ?? "Findings"
        }
        return "Night of \(names.day(Timestamp(run.run.startedAt))), run \(run.id)"
    }

    private static func page(_ number: Int) -> String {
        let digits = String(number)
        return "patient-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).html"
    }

    private mutating func writePatient(_ rows: [AnalysisRow], hasNext: Bool) throws {
        let number = patients.count + 1
        let page = Self.page(number)
        var line = PatientLine(page: page, patient: names.patient(rows[0].patient))
        var tableRows: [[Markup]] = []
        var sections: [Markup] = []
        var pictures: [Picture: (file: String, Thumbnail)] = [:]
        let ordered = rows.sorted { ($0.origin.runID, $0.scan) < ($1.origin.runID, $1.scan) }
        for (index, row) in ordered.enumerated() {
            let section = try section(index + 1, row, &pictures)
            let outlines = section.findings.count { $0.kind != .scan && $0.kind != .tile }
            tableRows.append([
                "\(index + 1)", "<a href=\"#scan-\(index + 1)\">\(names.path(row.scan))</a>",
                "\(names.minute(row.origin.analysedAt))", section.status.brief,
                section.grades.first.map { ShareBar.markup($0.confidence) } ?? .empty, "\(outlines.grouped)",
            ])
            sections.append(try section.markup())
            let scan = scanLine(row, section.grades.first, link: "\(page)#scan-\(index + 1)")
            scans.append(scan)
            line.add(scan, outlines: outlines)
        }
        patients.append(line)
        let patient = PatientPage(
            line: line, previous: number > 1 ? Self.page(number - 1) : nil, next: hasNext ? Self.page(number + 1) : nil,
            rows: tableRows, sections: sections)
        try write(page, patient.page.markup.html)
    }

    /// An image of a scan.
    private struct Picture: Hashable {
        let scan: ContentHash
        let image: Int
    }

    /// - Parameter pictures: of the patient, that are written already.
    private mutating func section(
        _ number: Int, _ row: AnalysisRow, _ pictures: inout [Picture: (file: String, Thumbnail)]
    ) throws -> ScanSection {
        let analysis = row.origin.analysisID
        let isDone = row.failure == nil
        let findings =
            isDone ? try store.findings(ofAnalysis: analysis, includingGeometry: true).filter(isWanted) : []
        let heatMaps = isDone ? try store.heatMaps(ofAnalysis: analysis) : []
        let image = try row.scanSHA256.flatMap { try store.image(of: $0) }
        var sizes: [Int: (Int, Int)] = [:]
        for finding in findings where sizes[finding.image] == nil { sizes[finding.image] = finding.imageSize }
        for map in heatMaps where sizes[map.image] == nil {
            sizes[map.image] = (map.columns.last?.upperBound ?? 0, map.rows.last?.upperBound ?? 0)
        }
        if let image { sizes[0] = (image.width, image.height) }
        var canvases: [Int: ScanCanvas] = [:]
        if let scan = row.scanSHA256 {
            for (index, size) in sizes.sorted(by: { $0.key < $1.key }) {
                let picture = Picture(scan: scan, image: index)
                if pictures[picture] == nil { pictures[picture] = try write(picture) }
                canvases[index] = ScanCanvas(
                    scanWidth: size.0, scanHeight: size.1, thumbnail: pictures[picture])
            }
        }
        return ScanSection(
            number: number, row: row, findings: findings, heatMaps: heatMaps, canvases: canvases, names: names,
            spreads: spreads,
            origin: Provenance(
                run: runs[row.origin.runID], pipeline: try pipeline(row.origin.pipelineSHA256), image: image))
    }

    /// The grade of a scan is shown whatever is asked for: without it, a page would read as "nothing".
    private func isWanted(_ finding: Finding) -> Bool {
        finding.kind == .scan
            || (filter.label == nil || finding.label == filter.label)
                && finding.confidence >= filter.minimumConfidence ?? 0
    }

    private mutating func pipeline(_ sha256: ContentHash) throws -> PipelineIdentity? {
        if let known = pipelines[sha256] { return known }
        pipelines[sha256] = try store.pipeline(sha256)
        return pipelines[sha256]
    }

    private func scanLine(_ row: AnalysisRow, _ grade: Finding?, link: String) -> ScanLine {
        var remarks: [String] = []
        var quality: [String: Double] = [:]
        if case .done(_, _, let sentences, let measures) = row.outcome { (remarks, quality) = (sentences, measures) }
        return ScanLine(
            link: link, patient: names.patient(row.patient), scan: names.path(row.scan), status: row.status,
            label: grade?.label, confidence: grade?.confidence, failure: row.failure, remarks: remarks, quality: quality
        )
    }

    // MARK: Files

    private mutating func write(_ picture: Picture) throws -> (file: String, Thumbnail)? {
        guard let thumbnail = try store.thumbnail(of: picture.scan, image: picture.image) else { return nil }
        pictureCount += 1
        let name = "picture-\(pictureCount).jpg"
        var file = try OutputFile("\(folder)/\(name)")
        try file.write(thumbnail.jpeg)
        try file.finish()
        return (name, thumbnail)
    }

    private func write(_ name: String, _ text: String) throws {
        var file = try OutputFile("\(folder)/\(name)")
        try file.write(text)
        try file.finish()
    }
}
