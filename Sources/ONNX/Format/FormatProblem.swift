/// What is wrong with one node or tensor; whoever reads or writes the whole adds where it is.
struct FormatProblem: Error {
    let kind: ONNXError.Kind
    let message: String

    init(_ kind: ONNXError.Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
