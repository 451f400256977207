/// The extent of a tensor along each axis, outermost first: `[N, C, H, W]` for a batch of images.
public struct Shape: Sendable, Hashable {
    public var dimensions: [Int]

    /// - Precondition: no dimension is negative; check input from outside with ``init(checking:)``.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "a dimension is negative")
        self.dimensions = dimensions
    }

    /// Nil where a dimension is negative or the elements could not be addressed, even if those
    /// dimensions that are zero were one: then strides and sizes in bytes cannot overflow either.
    /// An empty tensor must not be so long that loops over its other dimensions take for ever.
    public init?(checking dimensions: [Int]) {
        guard dimensions.allSatisfy({ $0 >= 0 }) else { return nil }
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: Swift.max(dimension, 1))
            guard !overflow, product <= Int.max / 16 else { return nil }
            count = product
        }
        guard count <= Self.longestEmpty || !dimensions.contains(0) else { return nil }
        self.dimensions = dimensions
    }

    /// The most elements that an empty tensor may have, were its zero dimensions one.
    private static let longestEmpty = 1 << 26

    /// Number of axes.
    public var rank: Int { dimensions.count }

    /// Number of elements; 1 for a scalar.
    public var elementCount: Int { dimensions.reduce(1, *) }

    /// Elements between neighbours along each axis, for row-major order.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    public subscript(axis: Int) -> Int { dimensions[axis] }
}

extension Shape: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
    /// `1x3x224x224`, or `scalar`.
    public var description: String {
        dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "x")
    }
}
