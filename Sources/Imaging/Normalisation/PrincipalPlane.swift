/// The two directions in which a cloud of points spreads most.
enum PrincipalPlane {
    /// The two eigenvectors of the points' covariance with the largest eigenvalues, the larger first; their first components
    /// are not negative.
    static func spanned(by points: [ChannelValues]) -> (first: ChannelValues, second: ChannelValues) {
        let mean = points.reduce(ChannelValues(repeating: 0)) { $0.adding($1) }.scaled(by: 1 / Double(points.count))
        var covariance = [[Double]](repeating: [0, 0, 0], count: 3)
        for point in points {
            let difference = point.adding(mean.scaled(by: -1)).all
            for row in 0..<3 {
                for column in 0..<3 { covariance[row][column] += difference[row] * difference[column] }
            }
        }
        let pairs = eigenpairs(ofSymmetric: covariance).sorted { $0.value > $1.value }
        let vectors = pairs.map { $0.vector.first < 0 ? $0.vector.scaled(by: -1) : $0.vector }
        return (vectors[0], vectors[1])
    }

    /// Jacobi's rotations: each makes one element off the diagonal zero; a few sweeps leave a 3 x 3 matrix diagonal.
    private static func eigenpairs(ofSymmetric matrix: [[Double]]) -> [(value: Double, vector: ChannelValues)] {
        var matrix = matrix
        var vectors: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for _ in 0..<24 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where matrix[p][q] != 0 {
                let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
                let tangent = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
                let cosine = 1 / (tangent * tangent + 1).squareRoot()
                let sine = tangent * cosine
                for k in 0..<3 {
                    let (kp, kq) = (matrix[k][p], matrix[k][q])
                    matrix[k][p] = cosine * kp - sine * kq
                    matrix[k][q] = sine * kp + cosine * kq
                }
                for k in 0..<3 {
                    let (pk, qk) = (matrix[p][k], matrix[q][k])
                    matrix[p][k] = cosine * pk - sine * qk
                    matrix[q][k] = sine * pk + cosine * qk
                    let (vp, vq) = (vectors[k][p], vectors[k][q])
                    vectors[k][p] = cosine * vp - sine * vq
                    vectors[k][q] = sine * vp + cosine * vq
                }
            }
        }
        return (0..<3).map { (matrix[$0][$0], ChannelValues(vectors[0][$0], vectors[1][$0], vectors[2][$0])) }
    }
}
