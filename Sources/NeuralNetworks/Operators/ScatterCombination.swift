/// What becomes of an element and the update that is scattered onto it.
public enum ScatterCombination: Sendable, Hashable, CaseIterable {
    case replace, add, multiply, maximum, minimum
}

extension Tensor {
    /// This tensor with runs of `updates`, one after the other, combined into it.
    ///
    /// - Parameters:
    ///   - updates: of the same type; `starts.count` runs of as many elements.
    ///   - starts: where each run begins here. Where two name one element, the last one counts.
    /// - Precondition: every run lies within this tensor, and `bool` is only replaced.
    func scattering(_ updates: Tensor, to starts: [Int], _ combination: ScatterCombination) -> Tensor {
        switch (storage, updates.storage) {
        case (.float32(let data), .float32(let updates)):
            return Tensor(shape: shape, scatter(data, updates, starts, combination.combine))
        case (.int32(let data), .int32(let updates)):
            return Tensor(shape: shape, scatter(data, updates, starts, combination.combine))
        case (.int64(let data), .int64(let updates)):
            return Tensor(shape: shape, scatter(data, updates, starts, combination.combine))
        case (.bool(let data), .bool(let updates)) where combination == .replace:
            return Tensor(shape: shape, scatter(data, updates, starts) { $1 })
        case (.uint8(let data), .uint8(let updates)):
            return Tensor(shape: shape, storage: .uint8(scatter(data, updates, starts, combination.combine)))
        case (.int8(let data), .int8(let updates)):
            return Tensor(shape: shape, storage: .int8(scatter(data, updates, starts, combination.combine)))
        default: preconditionFailure("scattering \(updates.elementType) into \(elementType)")
        }
    }

    private func scatter<Element>(
        _ data: [Element], _ updates: [Element], _ starts: [Int], _ combine: (Element, Element) -> Element
    ) -> [Element] {
        var result = data
        let size = starts.isEmpty ? 0 : updates.count / starts.count
        for (row, start) in starts.enumerated() {
            for offset in 0..<size {
                result[start + offset] = combine(result[start + offset], updates[row * size + offset])
            }
        }
        return result
    }
}

extension ScatterCombination {
    fileprivate func combine(_ element: Float, _ update: Float) -> Float {
        switch self {
        case .replace: update
        case .add: element + update
        case .multiply: element * update
        case .maximum: update.isNaN || update > element ? update : element
        case .minimum: update.isNaN || update < element ? update : element
        }
    }

    fileprivate func combine<Element: FixedWidthInteger>(_ element: Element, _ update: Element) -> Element {
        switch self {
        case .replace: update
        case .add: element &+ update
        case .multiply: element &* update
        case .maximum: max(element, update)
        case .minimum: min(element, update)
        }
    }
}
