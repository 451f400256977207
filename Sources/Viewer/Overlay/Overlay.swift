import Exports
import FindingStore
import Findings
import Imaging
import Listings
import Reporting

/// The findings in one image of an analysis, as JSON for the page that draws them over the slide.
///
/// Arrays of integers, corners as steps from the one before: 36,000 outlines are a few megabytes.
struct Overlay {
    private var labels: [String: Int] = [:]
    private var names: [JSONValue] = []
    private var bytes: [UInt8] = []

    /// How far a drawn outline may lie from the true one, in pixels of the image.
    private static let tolerance = 0.75

    /// - Throws: `StoreError`, or `ExportError` where the database is damaged.
    init(ofAnalysis analysis: Int64, image: Int, in store: FindingStore) throws {
        guard let scan = try store.scan(ofAnalysis: analysis) else { return }
        bytes += #"{"findings":["#.utf8
        var isFirst = true
        for finding in try store.findings(ofAnalysis: analysis, includingGeometry: true)
        where finding.image == image && finding.kind != .scan {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            try append(finding, of: scan.sha256)
        }
        bytes += "],\"labels\":\(JSONValue.array(names).compact),\"heatMaps\":[".utf8
        for (index, map) in try store.heatMaps(ofAnalysis: analysis).filter({ $0.image == image }).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(map)
        }
        bytes += "]}".utf8
    }

    var json: [UInt8] { bytes.isEmpty ? Array(#"{"findings":[],"labels":[],"heatMaps":[]}"#.utf8) : bytes }

    /// `[ordinal, kind, label, confidence in thousandths, x, y, width, height, [ring, ...]]`.
    private mutating func append(_ finding: Finding, of scan: ContentHash) throws {
        let box = finding.box
        let kind = Finding.Kind.allCases.firstIndex(of: finding.kind) ?? 0
        append([
            finding.ordinal, kind, number(of: LabelAppearance(of: finding)),
            Int((finding.confidence * 1_000).rounded()),
            box.x, box.y, box.width, box.height,
        ])
        bytes.removeLast()
        bytes += ",[".utf8
        if let geometry = finding.geometry {
            let id = FindingID(scan: scan, pipeline: scan, ordinal: finding.ordinal)
            let pixels = try RunLengths(storedIn: geometry, of: id, in: scan)
            let parts = RegionPolygon(outlining: pixels, tolerance: Self.tolerance).parts
            for (index, ring) in parts.flatMap({ [$0.outline] + $0.holes }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(ring)
            }
        }
        bytes += "]]".utf8
    }

    private mutating func append(_ ring: [RegionPolygon.Point]) {
        var (x, y) = (0, 0)
        var steps: [Int] = []
        for point in ring {
            steps += [point.x - x, point.y - y]
            (x, y) = (point.x, point.y)
        }
        append(steps)
    }

    private mutating func append(_ numbers: [Int]) {
        bytes.append(UInt8(ascii: "["))
        for (index, number) in numbers.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += String(number).utf8
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func number(of appearance: LabelAppearance) -> Int {
        if let number = labels[appearance.label] { return number }
        labels[appearance.label] = names.count
        names.append(Self.json(appearance))
        return names.count - 1
    }

    private static func json(_ appearance: LabelAppearance) -> JSONValue {
        .object([
            "name": .text(appearance.label), "colour": .text(appearance.colour),
            "dashes": .array(appearance.dashes.map { .number($0) }),
        ])
    }

    /// Of each tile `x, y, width, height, class, probability in 255 steps`: the most probable class.
    private mutating func append(_ map: HeatMap) {
        let classes = map.classes.enumerated().map { Self.json(LabelAppearance($1, index: $0)) }
        bytes +=
            "{\"stage\":\(JSONValue.text(map.stage).compact),\"classes\":\(JSONValue.array(classes).compact),\"tiles\":"
            .utf8
        var numbers: [Int] = []
        map.forEachTile { column, row, probabilities in
            guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else { return }
            let (x, y) = (map.columns[column], map.rows[row])
            numbers += [x.lowerBound, y.lowerBound, x.count, y.count, best, Int((probabilities[best] * 255).rounded())]
        }
        append(numbers)
        bytes += "}".utf8
    }
}
