import Findings
import FoundationEssentials
import GRDB

extension EmbeddingBlock {
    /// What a place takes in the database, in bytes: see the table's definition.
    private static let placeLength = 20

    /// Records the block, and has the audit chain vouch for it.
    ///
    /// - Throws: `refused` for a place that no scan has.
    func insert(analysis: Int64, _ db: Database) throws {
        var bytes = Data(capacity: places.count * Self.placeLength)
        for place in places {
            for number in [place.ordinal ?? -1, place.box.x, place.box.y, place.box.width, place.box.height] {
                guard let number = Int32(exactly: number) else {
                    throw StoreError(.refused, "a vector is of a place that no scan has")
                }
                withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO embeddings (analysis_id, stage, space, unit, image, dimension, vectors, places)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [analysis, stage, space.hexadecimal, unit.rawValue, image, dimension, vectors, bytes])
        try AuditChain.vouch(.embedding, for: db.lastInsertedRowID, db)
    }

    /// Places as they are recorded.
    ///
    /// - Throws: `DamagedRow` for what is none.
    static func places(_ bytes: Data) throws -> [Place] {
        guard bytes.count % placeLength == 0 else { throw DamagedRow(column: "places") }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: placeLength).map { start in
                let numbers = (0..<5).map { index in
                    Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: Int32.self)))
                }
                return Place(
                    ordinal: numbers[0] < 0 ? nil : numbers[0],
                    box: Finding.Box(x: numbers[1], y: numbers[2], width: numbers[3], height: numbers[4]))
            }
        }
    }
}
