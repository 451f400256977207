import FindingStore
import Findings
import Listings

/// Findings as the lines that `CSVWriter` makes of them, straight from the database's bytes.
///
/// Made for a million findings: a `FindingRow` a finding, and a `JSONValue` and a `String` a field, took 20 s of a processor
/// for them. Here what an analysis' findings share is written once, and the rest goes into one buffer. A test holds both
/// against each other.
struct FindingLines {
    /// The columns that findings of one analysis differ in.
    private enum OwnColumn: String {
        case id = "finding_id"
        case kind, label, confidence
        case rawConfidence = "raw_confidence"
        case x, y, width, height
        case centroidX = "centroid_x"
        case centroidY = "centroid_y"
        case areaPixels = "area_px"
        case areaSquareMicrometres = "area_um2"
        case probabilities, image
    }

    /// What all findings of the analysis share, up to a column of their own or the line's end.
    private struct Piece {
        /// Of `shared`.
        let range: Range<Int>
        let column: OwnColumn?
    }

    private let writer: CSVWriter<FindingRow>
    private let pseudonyms: Pseudonyms?
    private var pieces: [Piece] = []
    /// The shared fields with their commas, one after the other: no reference is counted for a piece.
    private var shared: [UInt8] = []
    /// Fields by label: there are few, and each may need quotes. Bounded, for a damaged database may hold any number.
    private var labelFields: [[UInt8]: [UInt8]] = [:]

    init(_ writer: CSVWriter<FindingRow>, pseudonyms: Pseudonyms?) {
        self.writer = writer
        self.pseudonyms = pseudonyms
    }

    /// The findings that follow are of this analysis.
    mutating func begin(_ heading: FindingHeading) {
        let anyOne = FindingRow(
            patient: heading.patient, scan: heading.scan, scanSHA256: heading.scanSHA256,
            id: FindingID(scan: heading.scanSHA256, pipeline: heading.origin.pipelineSHA256, ordinal: 0),
            finding: .placeholder, origin: heading.origin)
        let row = pseudonyms?.row(anyOne) ?? anyOne
        pieces = []
        shared = []
        var start = 0
        for (index, column) in writer.columns.enumerated() {
            if index > 0 { shared.append(UInt8(ascii: ",")) }
            if let own = OwnColumn(rawValue: column.name) {
                pieces.append(Piece(range: start..<shared.count, column: own))
                start = shared.count
            } else {
                shared += writer.field(column.value(row)).utf8
            }
        }
        shared.append(UInt8(ascii: "\n"))
        pieces.append(Piece(range: start..<shared.count, column: nil))
    }

    mutating func append(_ record: FindingRecord, to bytes: inout [UInt8]) throws {
        for piece in pieces {
            shared.withUnsafeBufferPointer { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[piece.range])) }
            if let column = piece.column { try append(column, of: record, to: &bytes) }
        }
    }

    private mutating func append(_ column: OwnColumn, of record: FindingRecord, to bytes: inout [UInt8]) throws {
        switch column {
        case .id:
            if let pseudonyms {
                bytes += pseudonyms.finding(String(decoding: record.id, as: UTF8.self)).hexadecimal.utf8
            } else {
                bytes += record.id
            }
        case .kind: bytes += record.kind.rawValue.utf8
        case .label: bytes += field(ofLabel: record.label)
        case .confidence: bytes.append(decimal: record.confidence)
        case .rawConfidence: bytes.append(decimal: record.rawConfidence)
        case .x: bytes.append(decimal: record.box.x)
        case .y: bytes.append(decimal: record.box.y)
        case .width: bytes.append(decimal: record.box.width)
        case .height: bytes.append(decimal: record.box.height)
        case .centroidX: bytes.append(decimal: record.centroid.x)
        case .centroidY: bytes.append(decimal: record.centroid.y)
        case .areaPixels: if let area = record.areaPixels { bytes.append(decimal: Int(area)) }
        case .areaSquareMicrometres: if let area = record.areaSquareMicrometres { bytes.append(decimal: area) }
        case .probabilities:
            if !bytes.append(namedNumbers: record.probabilities) {
                let members = try record.namedProbabilities().map { JSONValue.Member($0.name, .number($0.value)) }
                bytes += writer.field(.object(members)).utf8
            }
        case .image: bytes.append(decimal: record.image)
        }
    }

    private mutating func field(ofLabel label: [UInt8]) -> [UInt8] {
        if let known = labelFields[label] { return known }
        let field = Array(writer.field(.text(String(decoding: label, as: UTF8.self))).utf8)
        if labelFields.count >= 1000 { labelFields = [:] }
        labelFields[label] = field
        return field
    }
}

extension Finding {
    /// Stands where only what findings share is asked for.
    fileprivate static let placeholder = Finding(
        ordinal: 0, kind: .scan, label: "", confidence: 0, rawConfidence: 0, box: Box(x: 0, y: 0, width: 0, height: 0),
        centroid: Point(x: 0, y: 0), areaPixels: nil, areaSquareMicrometres: nil, probabilities: [], measurements: [:],
        geometry: nil)
}
