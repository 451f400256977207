/// The text of a VMS or VMU file, as far as it names the files of the scan.
enum HamamatsuText {
    /// What OpenSlide reads, in bytes.
    static let longest = 64 << 10

    private static let keys = ["ImageFile", "MapFile", "OptimisationFile", "MacroImage"]

    /// The files that it names, each once, in no order: names in its own folder and no paths, whatever else it says.
    static func partNames(in text: [UInt8]) -> Set<String> {
        let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return Set(
            lines.compactMap { line in
                guard let line = String(validating: line, as: UTF8.self), let sign = line.firstIndex(of: "=") else {
                    return nil
                }
                let key = line[..<sign].drop { $0 == " " || $0 == "\t" }
                guard keys.contains(where: { key.hasPrefix($0) }) else { return nil }
                let value = line[line.index(after: sign)...].trimming { $0 == " " || $0 == "\t" }
                return value.isEmpty || value.hasPrefix(".") || value.contains("/") || value.contains("\0")
                    ? nil : String(value)
            })
    }
}

extension Substring {
    fileprivate func trimming(while isBlank: (Character) -> Bool) -> Substring {
        let start = drop(while: isBlank)
        return start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? ""
    }
}
