import Findings
import Listings

/// A table of the boxes of scans' objects: `scan,x,y,width,height,class`. A line with the scan alone says that it has none.
public struct ObjectTable: Sendable {
    /// What it says of one scan.
    struct Scan: Sendable {
        /// As it is written.
        let name: String
        /// The first that names it.
        let line: Int
        var items: [ObjectTruth.Item] = []
    }

    /// As they come.
    let scans: [Scan]
    /// Boxes that are told more than once, and count once.
    public let repeated: Int

    /// - Throws: `EvaluationError` of kind `unusableManifest`, naming the line.
    public init(_ bytes: [UInt8]) throws(EvaluationError) {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(parsing: bytes, required: ["scan", "x", "y", "width", "height", "class"])
        } catch {
            throw EvaluationError(.unusableManifest, "the table of objects cannot be used: \(error)")
        }
        var scans: [Scan] = []
        var indices: [String: Int] = [:]
        var known: Set<[String]> = []
        var repeated = 0
        for record in table.records {
            func field(_ column: String) -> String { record[column]?.trimmed ?? "" }
            let name = field("scan")
            let numbers = ["x", "y", "width", "height"].map(field)
            let box = Self.box(numbers)
            let isBare = numbers.allSatisfy(\.isEmpty) && field("class").isEmpty
            guard !name.isEmpty, isBare || box != nil && !field("class").isEmpty else {
                throw EvaluationError(
                    .unusableManifest,
                    "line \(record.line) of the table of objects has no scan or class, or no box of whole pixels")
            }
            let index = indices[name] ?? scans.count
            if index == scans.count { scans.append(Scan(name: name, line: record.line)) }
            indices[name] = index
            guard let box else { continue }
            if known.insert([name, field("class")] + numbers).inserted {
                scans[index].items.append(ObjectTruth.Item(label: field("class"), box: box, pixels: nil))
            } else {
                repeated += 1
            }
        }
        (self.scans, self.repeated) = (scans, repeated)
    }

    /// What to say of them.
    public var repetition: String {
        "\(repeated.counting("box", "boxes")) of the table of objects told twice: counted once"
    }

    private static func box(_ texts: [String]) -> Finding.Box? {
        let numbers = texts.compactMap { Int($0) }
        guard numbers.count == 4, numbers.allSatisfy({ (0...Int(Int32.max)).contains($0) }), numbers[2] > 0,
            numbers[3] > 0
        else { return nil }
        return Finding.Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
}
