import Analysis
import Testing

@Suite struct SymmetryTests {
    static let planes = (0..<2 * 3 * 5).map(Float.init)

    @Test(arguments: Symmetry.all(of: .dihedral))
    func aRearrangementIsUndone(symmetry: Symmetry) {
        let turned = symmetry.applied(to: Self.planes, height: 3, width: 5)
        #expect(turned.sorted() == Self.planes)
        #expect(symmetry.undone(on: turned, height: 3, width: 5) == Self.planes)
    }

    @Test func theEightSymmetriesAreDifferentAndTheFirstMovesNothing() {
        let turned = Symmetry.all(of: .dihedral).map { $0.applied(to: Self.planes, height: 3, width: 5) }
        #expect(Set(turned).count == 8)
        #expect(turned.first == Self.planes)
        #expect(Symmetry.all(of: .flips).count == 4)
        #expect(Symmetry.all(of: .none).count == 1)
    }

    @Test func aTransposedRowIsAColumn() {
        let transposition = Symmetry(transposes: true, mirrorsHorizontally: false, mirrorsVertically: false)
        #expect(transposition.applied(to: [1, 2, 3, 4, 5, 6], height: 2, width: 3) == [1, 4, 2, 5, 3, 6])
    }
}
