/// What a draft of a pipeline leaves open, answered key by key, as YAML.
public struct DraftAnswers: Sendable, Hashable {
    private var answers: [String: String?] = [:]

    /// Keys whose drafted value is a choice, and not what a model's file tells.
    private static let chosen: Set<String> = ["tile", "overlap", "unknown"]

    public init() {}

    /// - Parameter value: nil where the key's line is to be left out.
    public mutating func answer(_ key: String, _ value: String?) { answers.updateValue(value, forKey: key) }

    /// A drafted file in which each line of an answered key that holds `"?"`, or a mere choice, has the answer.
    func answered(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
            guard let colon = line.firstIndex(of: ":"), case let key = line[..<colon].filter({ $0 != " " }),
                let answer = answers[key],
                Self.chosen.contains(key) || line.contains("\"\(StrictMapping.open)\"")
            else { return String(line) }
            return answer.map { "\(line[...colon]) \($0)" }
        }.joined(separator: "\n")
    }
}
