/// One of the eight symmetries of the square, as a rearrangement of planes.
package struct Symmetry: Sendable, Hashable {
    /// Whether rows become columns.
    package let transposes: Bool
    package let mirrorsHorizontally: Bool
    package let mirrorsVertically: Bool

    package init(transposes: Bool, mirrorsHorizontally: Bool, mirrorsVertically: Bool) {
        self.transposes = transposes
        self.mirrorsHorizontally = mirrorsHorizontally
        self.mirrorsVertically = mirrorsVertically
    }

    /// Those that an augmentation averages over; the identity is the first.
    package static func all(of augmentation: StageDefinition.TestTimeAugmentation) -> [Symmetry] {
        let transpositions =
            switch augmentation {
            case .none, .flips: [false]
            case .dihedral: [false, true]
            }
        let mirrorings = augmentation == .none ? [false] : [false, true]
        return transpositions.flatMap { transposes in
            mirrorings.flatMap { horizontally in
                mirrorings.map { vertically in
                    Symmetry(
                        transposes: transposes, mirrorsHorizontally: horizontally, mirrorsVertically: vertically)
                }
            }
        }
    }

    var isIdentity: Bool { !transposes && !mirrorsHorizontally && !mirrorsVertically }

    /// Height and width after the rearrangement.
    package func size(ofHeight height: Int, width: Int) -> (height: Int, width: Int) {
        transposes ? (width, height) : (height, width)
    }

    /// - Parameter planes: `[C, H, W]`.
    /// - Returns: `[C, H, W]`, or `[C, W, H]` for one that transposes.
    package func applied(to planes: [Float], height: Int, width: Int) -> [Float] {
        if isIdentity { return planes }
        return rearranged(planes, height: height, width: width) { target, source, index, origin in
            target[index] = source[origin]
        }
    }

    /// Takes planes that ``applied(to:height:width:)`` made, or a network's answer to them, back.
    ///
    /// - Parameters:
    ///   - planes: `[C, H, W]`, or `[C, W, H]` for one that transposes.
    ///   - height: `H`, the height before the rearrangement.
    ///   - width: `W`, likewise.
    package func undone(on planes: [Float], height: Int, width: Int) -> [Float] {
        if isIdentity { return planes }
        return rearranged(planes, height: height, width: width) { target, source, index, origin in
            target[origin] = source[index]
        }
    }

    /// Calls `move` with each index after the rearrangement and the index before it.
    @inline(__always)
    private func rearranged(
        _ planes: [Float], height: Int, width: Int,
        move: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>, Int, Int) -> Void
    ) -> [Float] {
        let plane = height * width
        precondition(plane > 0 && planes.count % plane == 0, "not whole planes")
        let after = size(ofHeight: height, width: width)
        return [Float](unsafeUninitializedCapacity: planes.count) { target, initialized in
            planes.withUnsafeBufferPointer { source in
                for base in stride(from: 0, to: planes.count, by: plane) {
                    for y in 0..<after.height {
                        for x in 0..<after.width {
                            let row = transposes ? x : y
                            let column = transposes ? y : x
                            let originRow = mirrorsVertically ? height - 1 - row : row
                            let originColumn = mirrorsHorizontally ? width - 1 - column : column
                            move(target, source, base + y * after.width + x, base + originRow * width + originColumn)
                        }
                    }
                }
            }
            initialized = planes.count
        }
    }
}
