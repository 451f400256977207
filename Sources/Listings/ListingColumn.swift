/// One column of a listing: declared once, written as CSV, JSON and a table for people.
public struct ListingColumn<Row>: Sendable {
    /// The stable name, in `snake_case`.
    public let name: String
    /// Where the column is listed.
    public let audience: Audience
    public let value: @Sendable (Row) -> JSONValue

    public enum Audience: Sendable {
        case all
        /// Too wide for a table that people read.
        case programs
        /// JSON alone: columns of a CSV are a contract that only grows at its end.
        case json
    }

    public init(
        _ name: String, for audience: Audience = .all, _ value: @escaping @Sendable (Row) -> JSONValue
    ) {
        self.name = name
        self.audience = audience
        self.value = value
    }

    /// The same column of rows that such a row is a part of; empty where it is missing.
    public func of<Whole>(_ part: @escaping @Sendable (Whole) -> Row?) -> ListingColumn<Whole> {
        let audience: ListingColumn<Whole>.Audience =
            switch audience {
            case .all: .all
            case .programs: .programs
            case .json: .json
            }
        return ListingColumn<Whole>(name, for: audience) { [value] whole in part(whole).map(value) ?? .null }
    }
}

/// A row that is listed.
public protocol ListingRow {
    static var columns: [ListingColumn<Self>] { get }
}

extension ListingRow {
    /// The row as an object, its members named and ordered as the columns.
    public var json: JSONValue {
        .object(Self.columns.map { JSONValue.Member($0.name, $0.value(self)) })
    }
}
