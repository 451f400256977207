import Yams

/// Reads a YAML mapping key by key and collects everything that is wrong with it: missing keys,
/// values of the wrong type or out of range, and keys that nobody asked for.
final class StrictMapping {
    private let values: [String: Node]
    private let path: String
    private var unread: Set<String>
    private let log: ProblemLog

    /// What is wrong, shared by a mapping and those nested in it.
    final class ProblemLog {
        var problems: [String] = []
        /// Names of all keys that were asked for.
        var knownKeys: Set<String> = []
    }

    /// - Parameter text: one YAML document whose root is a mapping; at most 64 KiB.
    init(yaml text: String, file: String) throws(PipelineError) {
        guard text.utf8.count <= 65_536 else { throw PipelineError(.invalid, file: file, "larger than 64 KiB") }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            let message = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            throw PipelineError(.invalid, file: file, "not YAML: \(message)")
        }
        guard let root, case .mapping(let mapping) = root else {
            throw PipelineError(.invalid, file: file, "the document is not a mapping of keys to values")
        }
        log = ProblemLog()
        path = ""
        values = StrictMapping.byKey(mapping)
        unread = Set(values.keys)
    }

    private init(_ mapping: Node.Mapping, path: String, log: ProblemLog) {
        self.path = path
        self.log = log
        values = StrictMapping.byKey(mapping)
        unread = Set(values.keys)
    }

    private static func byKey(_ mapping: Node.Mapping) -> [String: Node] {
        Dictionary(mapping.compactMap { key, value in key.string.map { ($0, value) } }, uniquingKeysWith: { $1 })
    }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func report(_ key: String, _ problem: String) { log.problems.append("\(place(key)) \(problem)") }

    private func reportMissing(_ key: String) {
        // One that is left open has been reported.
        if values[key] == nil { report(key, "is missing") }
    }

    func has(_ key: String) -> Bool {
        log.knownKeys.insert(key)
        return values[key] != nil
    }

    /// Whether the value is a mapping, for keys that also take a word.
    func holdsMapping(_ key: String) -> Bool {
        if case .mapping? = values[key] { true } else { false }
    }

    func holdsText(_ key: String) -> Bool { values[key]?.string != nil }

    private func node(_ key: String) -> Node? {
        unread.remove(key)
        log.knownKeys.insert(key)
        guard let node = values[key], StrictMapping.isOpen(node) else { return values[key] }
        report(key, "is `?`: say what it is")
        return nil
    }

    /// What `pipeline new` leaves to be filled in.
    static let open = "?"

    private static func isOpen(_ node: Node) -> Bool {
        node.string == open || node.sequence?.contains(where: isOpen) == true
    }

    /// The text of `key`; nil where it is missing, which is a problem unless it is `optional`.
    func string(_ key: String, optional: Bool = false) -> String? {
        guard let node = node(key) else {
            if !optional { reportMissing(key) }
            return nil
        }
        guard let text = node.string, !text.isEmpty else {
            report(key, "must be text")
            return nil
        }
        return text
    }

    /// Text of lower-case letters, digits and hyphens.
    func name(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        let isName = StageDefinition.isName(text)
        if !isName { report(key, "must be lower-case letters, digits and hyphens") }
        return isName ? text : nil
    }

    /// One of a closed set of words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, default fallback: Word? = nil) -> Word?
    where Word.RawValue == String {
        guard let text = string(key, optional: fallback != nil) else { return fallback }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            report(key, "is `\(text)`; it must be one of: \(known)")
            return nil
        }
        return word
    }

    /// `true` or `false`.
    func flag(_ key: String, default fallback: Bool) -> Bool? {
        guard has(key) else { return fallback }
        switch string(key) {
        case "true": return true
        case "false": return false
        case nil: return nil
        default:
            report(key, "must be true or false")
            return nil
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int? {
        number(key, as: { $0.int }, in: range, default: fallback, called: "a whole number")
    }

    func double(_ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil) -> Double? {
        number(key, as: { $0.float }, in: range, default: fallback, called: "a number")
    }

    private func number<Number: Comparable>(
        _ key: String, as read: (Node) -> Number?, in range: ClosedRange<Number>, default fallback: Number?,
        called noun: String
    ) -> Number? {
        guard let node = node(key) else {
            if fallback == nil { reportMissing(key) }
            return fallback
        }
        guard let value = read(node), range.contains(value) else {
            report(key, "must be \(noun) from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// A number, or a list of them.
    func doubles(_ key: String) -> [Double]? {
        guard let node = node(key) else {
            reportMissing(key)
            return nil
        }
        let nodes = node.sequence.map(Array.init) ?? [node]
        let numbers = nodes.compactMap(\.float).filter(\.isFinite)
        guard !numbers.isEmpty, numbers.count == nodes.count else {
            report(key, "must be a number or a list of numbers")
            return nil
        }
        return numbers
    }

    func strings(_ key: String) -> [String]? {
        guard let node = node(key) else {
            reportMissing(key)
            return nil
        }
        let values = node.sequence?.compactMap(\.string) ?? []
        guard !values.isEmpty, values.count == node.sequence?.count, Set(values).count == values.count else {
            report(key, "must be a list of different words")
            return nil
        }
        return values
    }

    /// The mapping under `key`; nil where it is missing, which is a problem unless it is `optional`.
    func mapping(_ key: String, optional: Bool = false) -> StrictMapping? {
        guard let node = node(key) else {
            if !optional { reportMissing(key) }
            return nil
        }
        guard case .mapping(let mapping) = node else {
            report(key, "must be a mapping of keys to values")
            return nil
        }
        return StrictMapping(mapping, path: place(key), log: log)
    }

    /// The mappings of the list under `key`, of which there is at least one; each goes by what it has under `nameKey`.
    func mappings(_ key: String, namedBy nameKey: String) -> [StrictMapping] {
        guard let node = node(key) else {
            reportMissing(key)
            return []
        }
        guard let entries = node.sequence, !entries.isEmpty else {
            report(key, "must be a list of mappings")
            return []
        }
        return entries.enumerated().compactMap { index, entry in
            guard case .mapping(let mapping) = entry else {
                report("\(key)[\(index)]", "must be a mapping of keys to values")
                return nil
            }
            let name = mapping[nameKey]?.string.map { ".\($0)" } ?? "[\(index)]"
            return StrictMapping(mapping, path: place(key) + name, log: log)
        }
    }

    /// What is not a list or a mapping, as it is written, by key.
    var scalars: [(key: String, value: String)] {
        values.compactMap { key, node in node.scalar.map { (key, $0.string) } }.sorted { $0.key < $1.key }
    }

    /// The keys not read so far, for mappings whose keys are free.
    var freeKeys: [String] { unread.sorted() }

    /// What `make` makes of a value; nil where it throws, which is a problem of `key`.
    func attempt<Value, Failure: Error>(_ key: String, _ make: () throws(Failure) -> Value) -> Value? {
        do {
            return try make()
        } catch {
            report(key, "cannot be used: \(error)")
            return nil
        }
    }

    /// Reports the keys that nobody read; call it when a mapping has been read.
    func finish() {
        for key in unread.sorted() { report(key, "is not a key that is known here") }
    }

    /// Everything that was reported by this mapping and by those nested in it.
    var problems: [String] { log.problems }

    /// The names of all keys that this mapping and those nested in it were asked for, there or not.
    var knownKeys: Set<String> { log.knownKeys }
}
