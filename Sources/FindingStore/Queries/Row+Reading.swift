import Findings
import FoundationEssentials
import GRDB
import Listings

/// Reading a row whose file may be damaged or hostile: a value of another type is an error, never a trap.
extension Row {
    private func value(_ column: String) -> DatabaseValue { self[column] }

    func integer(_ column: String) throws -> Int64 {
        guard case .int64(let integer) = value(column).storage else { throw DamagedRow(column: column) }
        return integer
    }

    func optionalInteger(_ column: String) throws -> Int64? {
        value(column).isNull ? nil : try integer(column)
    }

    func number(_ column: String) throws -> Double {
        guard case .double(let number) = value(column).storage else { throw DamagedRow(column: column) }
        return number
    }

    func optionalNumber(_ column: String) throws -> Double? {
        value(column).isNull ? nil : try number(column)
    }

    func text(_ column: String) throws -> String {
        guard case .string(let text) = value(column).storage else { throw DamagedRow(column: column) }
        return text
    }

    func optionalText(_ column: String) throws -> String? {
        value(column).isNull ? nil : try text(column)
    }

    func optionalBytes(_ column: String) throws -> Data? {
        switch value(column).storage {
        case .null: nil
        case .blob(let bytes): bytes
        default: throw DamagedRow(column: column)
        }
    }

    func hash(_ column: String) throws -> ContentHash {
        guard let hash = ContentHash(hexadecimal: try text(column)) else { throw DamagedRow(column: column) }
        return hash
    }

    func moment(_ column: String) throws -> Timestamp {
        guard let moment = Timestamp(try text(column)) else { throw DamagedRow(column: column) }
        return moment
    }

    func optionalMoment(_ column: String) throws -> Timestamp? {
        value(column).isNull ? nil : try moment(column)
    }

    /// One of a closed set.
    func name<Name: RawRepresentable<String>>(_ column: String) throws -> Name {
        guard let name = Name(rawValue: try text(column)) else { throw DamagedRow(column: column) }
        return name
    }

    /// The texts of a JSON array.
    func texts(_ column: String) throws -> [String] {
        guard let texts = try json(column).texts else { throw DamagedRow(column: column) }
        return texts
    }

    /// The numbers of a JSON object, in its order.
    func numbers(_ column: String) throws -> [(name: String, value: Double)] {
        guard let numbers = try json(column).namedNumbers else { throw DamagedRow(column: column) }
        return numbers
    }

    /// The numbers of a JSON object, by name.
    func numbersByName(_ column: String) throws -> [String: Double] {
        Dictionary(try numbers(column).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil where none was recorded.
    func spacing() throws -> RecordedSpacing? {
        guard try optionalText("spacing_source") != nil else { return nil }
        let source: RecordedSpacing.Source = try name("spacing_source")
        guard source != .unknown else { return .unknown }
        let side = try number("spacing_um_px")
        guard side > 0, side.isFinite else { throw DamagedRow(column: "spacing_um_px") }
        return RecordedSpacing(micrometresPerPixel: side, source: source)
    }

    private func json(_ column: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: try text(column))
        } catch {
            throw DamagedRow(column: column)
        }
    }
}
