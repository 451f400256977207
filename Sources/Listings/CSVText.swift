/// The text of a table, as UTF-8, and what it says of itself before the header.
struct CSVText {
    /// What may separate fields, where the table does not say.
    static let delimiters = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    /// Without a byte order mark, and without a line that names the separator.
    let bytes: ArraySlice<UInt8>
    /// What a first line such as `sep=;` says, which spreadsheets write and read.
    let delimiter: UInt8?
    /// The number of the first line of `bytes`.
    let firstLine: Int

    /// - Throws: `notText` for UTF-16 that is broken.
    init(_ file: [UInt8]) throws(CSVError) {
        let text = try CSVText.utf8(file)
        guard let (delimiter, rest) = CSVText.separatorLine(of: text) else {
            (bytes, self.delimiter, firstLine) = (text, nil, 1)
            return
        }
        (bytes, self.delimiter, firstLine) = (rest, delimiter, 2)
    }

    /// What is not UTF-8 is found where the fields are read, which know their lines.
    private static func utf8(_ file: [UInt8]) throws(CSVError) -> ArraySlice<UInt8> {
        if file.starts(with: [0xEF, 0xBB, 0xBF]) { return file.dropFirst(3) }
        let isLittleEndian = file.starts(with: [0xFF, 0xFE])
        guard isLittleEndian || file.starts(with: [0xFE, 0xFF]) else { return file[...] }
        let units = stride(from: 2, to: file.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(file[index]), UInt16(file[index + 1]))
            return isLittleEndian ? second << 8 | first : first << 8 | second
        }
        guard file.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
            throw CSVError(.notText, line: 1)
        }
        return Array(text.utf8)[...]
    }

    private static func separatorLine(
        of text: ArraySlice<UInt8>
    ) -> (delimiter: UInt8, rest: ArraySlice<UInt8>)? {
        let end = text.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.endIndex
        let line = text[..<end].filter { $0 != UInt8(ascii: "\"") }
        guard line.count == 5, String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        let isTwoBytes = text[end...].starts(with: [0x0D, 0x0A])
        return (line[4], text[end...].dropFirst(isTwoBytes ? 2 : 1))
    }
}
