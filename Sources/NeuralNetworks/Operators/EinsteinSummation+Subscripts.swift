extension EinsteinSummation {
    /// The name of an axis.
    public enum Label: Sendable, Hashable, Comparable {
        /// An axis that an ellipsis stands for, counted from the last one.
        case unnamed(Int)
        case letter(Character)
    }

    /// The names of all axes.
    public struct Subscripts: Sendable, Hashable {
        public let inputs: [[Label]]
        /// No name twice.
        public let output: [Label]
    }

    /// Reads the equation for inputs of as many axes as `ranks` says.
    ///
    /// - Throws: ``OperatorError`` where it is no equation, or one for other inputs.
    public func subscripts(ranks: [Int]) throws -> Subscripts {
        let text = Array(equation.filter { $0 != " " })
        let arrow = text.firstIndex(of: "-")
        let terms = text[..<(arrow ?? text.endIndex)].split(separator: ",", omittingEmptySubsequences: false)
        guard terms.count == ranks.count else {
            throw invalid(.attributes, "has \(terms.count) terms for \(ranks.count) inputs")
        }
        var inputs: [[Label]] = []
        for (term, rank) in zip(terms, ranks) {
            let labels = try labels(term) { rank - $0 }
            guard labels.count == rank else {
                throw invalid(.attributes, "names \(labels.count) axes of an input that has \(rank)")
            }
            inputs.append(labels)
        }
        let all = inputs.flatMap(\.self)
        // An ellipsis of the output stands for all axes that one stands for.
        let unnamed = Set(all).filter { if case .unnamed = $0 { true } else { false } }
        guard let arrow else {
            let single = Set(all).subtracting(unnamed).filter { label in all.count { $0 == label } == 1 }
            return Subscripts(inputs: inputs, output: unnamed.sorted().reversed() + single.sorted())
        }
        guard text[arrow...].starts(with: "->") else { throw unreadable }
        let output = try labels(text[arrow...].dropFirst(2)) { _ in unnamed.count }
        guard Set(output).count == output.count, Set(output).isSubset(of: all) else {
            throw invalid(.attributes, "has an output in \(equation) that its inputs do not make")
        }
        return Subscripts(inputs: inputs, output: output)
    }

    /// The labels of a term, such as `...ij`.
    ///
    /// - Parameter ellipsisRank: the number of axes that an ellipsis stands for beside this many letters.
    private func labels(
        _ term: ArraySlice<Character>, ellipsisRank: (Int) -> Int
    ) throws -> [Label] {
        let letters = term.filter { $0 != "." }
        guard letters.allSatisfy({ $0.isASCII && $0.isLetter }) else { throw unreadable }
        guard let dots = term.firstIndex(of: ".") else { return letters.map { .letter($0) } }
        guard term[dots...].starts(with: "..."), letters.count + 3 == term.count else { throw unreadable }
        let count = max(0, ellipsisRank(letters.count))
        let unnamed = (0..<count).reversed().map { Label.unnamed($0) }
        return term[..<dots].map { .letter($0) } + unnamed + term[dots...].dropFirst(3).map { .letter($0) }
    }

    private var unreadable: OperatorError { invalid(.attributes, "has the unreadable equation \(equation.prefix(40))") }
}
