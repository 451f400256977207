import Findings
import GRDB

/// Which current findings of all patients are looked for: those of a label within a range of confidence, the first ones by
/// confidence.
public struct FindingSearch: Sendable, Hashable {
    public enum Order: String, Sendable, CaseIterable {
        case leastCertain = "least"
        case mostCertain = "most"
    }

    public var label: String?
    public var kind: Finding.Kind?
    public var confidence: ClosedRange<Double>
    public var order: Order
    /// Whether of each scan only the first of its findings is named.
    public var isByScan: Bool
    public var limit: Int

    public init(
        label: String? = nil, kind: Finding.Kind? = nil, confidence: ClosedRange<Double> = 0...1,
        order: Order = .leastCertain, isByScan: Bool = false, limit: Int
    ) {
        self.isByScan = isByScan
        self.label = label
        self.kind = kind
        self.confidence = confidence
        self.order = order
        self.limit = limit
    }

    /// A finding that a search found, with where to look at it.
    public struct Hit: Sendable, Hashable {
        public let patient: String
        public let scan: String
        public let analysis: Int64
        public let ordinal: Int
        public let kind: Finding.Kind
        public let label: String
        public let confidence: Double
        public let image: Int
        /// How many findings of the scan are like that; 1 unless the search is by scan.
        public let count: Int
    }
}

extension FindingStore {
    /// The findings that a search finds, at most so many as it asks for.
    public func hits(_ search: FindingSearch) throws(StoreError) -> [FindingSearch.Hit] {
        try read { db in
            let direction: SQL = search.order == .leastCertain ? "ASC" : "DESC"
            // Beside a least or greatest value, SQLite gives the other columns of its row (sqlite.org/lang_select.html#bareagg).
            let confidence: SQL =
                !search.isByScan
                ? "f.confidence, 1 AS count"
                : search.order == .leastCertain
                    ? "min(f.confidence) AS confidence, count(*) AS count"
                    : "max(f.confidence) AS confidence, count(*) AS count"
            let groups: SQL = search.isByScan ? "GROUP BY a.id, a.patient" : ""
            let image: SQL = schema.version >= Schema.firstWithImages ? "f.image" : "0 AS image"
            let query: SQL = """
                SELECT a.patient, a.path, a.id AS analysis, f.ordinal, f.kind, f.label, \(confidence), \(image)
                FROM findings f
                JOIN (\(attributedAnalyses) WHERE is_current AND status = 'findings') AS a ON a.id = f.analysis_id
                WHERE f.confidence BETWEEN \(search.confidence.lowerBound) AND \(search.confidence.upperBound)
                    AND (\(search.label) IS NULL OR f.label = \(search.label))
                    AND (\(search.kind?.rawValue) IS NULL OR f.kind = \(search.kind?.rawValue))
                    AND NOT (f.kind = 'scan' AND f.probabilities = '{}')
                \(groups) ORDER BY confidence \(direction), a.id, f.ordinal LIMIT \(search.limit)
                """
            return try SQLRequest<Row>(literal: query).fetchAll(db).map { row in
                FindingSearch.Hit(
                    patient: try row.text("patient"), scan: try row.text("path"), analysis: try row.integer("analysis"),
                    ordinal: Int(try row.integer("ordinal")), kind: try row.name("kind"), label: try row.text("label"),
                    confidence: try row.number("confidence"), image: Int(try row.integer("image")),
                    count: Int(try row.integer("count")))
            }
        }
    }
}
