import Listings

/// Prints rows in the format asked for.
enum Listing {
    /// - Parameter rawText: whether the CSV holds texts that a spreadsheet would run as formulas as they are.
    static func write<Row: ListingRow>(
        _ rows: [Row], format: OutputFormat, rawText: Bool = false
    ) throws(CommandFailure) {
        switch format {
        case .table: try StandardOutput.write(TextTable(rows).text)
        case .csv:
            let writer = CSVWriter<Row>(protection: rawText ? .none : .formulas)
            try StandardOutput.write(writer.header + rows.map(writer.record).joined())
        case .json: try StandardOutput.write(JSONValue.array(rows.map(\.json)).indented + "\n")
        }
    }
}
