import NeuralNetworks
import Testing

@Suite struct EinsteinSummationTests {
    private static let matrix = Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6 as Float])
    private static let square = Tensor(shape: [2, 2], [1, 2, 3, 4 as Float])
    private static let vector = Tensor(shape: [3], [1, 0, -1 as Float])

    @Test(
        arguments: [
            ("ij->ji", [matrix], [3, 2], [1, 4, 2, 5, 3, 6]), ("ij", [matrix], [2, 3], [1, 2, 3, 4, 5, 6]),
            ("ji", [matrix], [3, 2], [1, 4, 2, 5, 3, 6]), ("ij->", [matrix], [], [21]),
            ("ij->i", [matrix], [2], [6, 15]), ("ii->i", [square], [2], [1, 4]), ("ii", [square], [], [5]),
            ("...j->...", [matrix], [2], [6, 15]), ("ij,j->i", [matrix, vector], [2], [-2, -2]),
            ("ij, j", [matrix, vector], [2], [-2, -2]),
            ("i,j->ij", [vector, vector], [3, 3], [1, 0, -1, 0, 0, 0, -1, 0, 1]),
            ("ij,jk,k->i", [square, matrix, vector], [2], [-6, -14]),
            ("...i,...i->...", [matrix, vector], [2], [-2, -2]),
        ] as [(String, [Tensor], Shape, [Float])])
    func sumsProducts(_ equation: String, _ inputs: [Tensor], _ shape: Shape, _ expected: [Float]) throws {
        #expect(try EinsteinSummation(equation).evaluate(inputs) == [Tensor(shape: shape, expected)])
    }

    @Test(
        arguments: [
            ("ij", [square, square]), ("ijk", [square]), ("ij->k", [square]), ("ij->ii", [square]), ("i1->i", [square]),
            ("ij-i", [square]), ("i..j", [square]), ("", [square]), ("ij,jk->ik", [matrix, matrix]),
            ("i...j...", [square]),
        ] as [(String, [Tensor])])
    func refuses(_ equation: String, _ inputs: [Tensor]) {
        #expect(throws: OperatorError.self) { try EinsteinSummation(equation).evaluate(inputs) }
    }

    @Test func refusesEndlessWork() {
        let line = KnownValue(type: TensorType(elementType: .float32, shape: [1 << 20]))
        #expect(throws: OperatorError.self) { try EinsteinSummation("i,j,k->").outputTypes(for: [line, line, line]) }
    }
}
