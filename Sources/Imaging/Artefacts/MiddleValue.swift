extension [Double] {
    /// What would stand in the middle if they were sorted, which takes ten times as long (Hoare, "Algorithm 65: find", 1961). Nil
    /// where there are none.
    var middle: Double? {
        guard !isEmpty else { return nil }
        var values = self
        let middle = count / 2
        return values.withUnsafeMutableBufferPointer { values in
            var (first, last) = (0, values.count - 1)
            while first < last {
                let pivot = values[(first + last) / 2]
                var (left, right) = (first, last)
                while left <= right {
                    while values[left] < pivot { left += 1 }
                    while values[right] > pivot { right -= 1 }
                    if left <= right {
                        values.swapAt(left, right)
                        left += 1
                        right -= 1
                    }
                }
                if middle <= right {
                    last = right
                } else if middle >= left {
                    first = left
                } else {
                    break
                }
            }
            return values[middle]
        }
    }
}
