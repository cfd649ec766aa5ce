package dev.freecp.evaluate;

import java.util.Arrays;
import java.util.List;

/**
 * Per picture and class that occurs in it the three sums that mIoU is made of, so that drawing pictures anew a thousand times costs a few additions
 * each.
 */
final class ClassSums {

    private final int classes;
    private final int[][] pictures;     // of (class, intersection, truth, prediction)

    ClassSums(int classes, List<PictureCounts> pictures) {
        this.classes = classes;
        this.pictures = pictures.stream().map(this::sums).toArray(int[][]::new);
    }

    private int[] sums(PictureCounts picture) {
        int[] dense = new int[3 * (classes + 1)], c = picture.confusion();
        for (int i = 0; i < c.length; i += 3) {
            if (c[i] == c[i + 1]) dense[3 * c[i]] += c[i + 2];
            dense[3 * c[i] + 1] += c[i + 2];
            dense[3 * c[i + 1] + 2] += c[i + 2];
        }
        int[] sparse = new int[4 * classes];
        int kept = 0;
        for (int k = 0; k < classes; k++) {
            if (dense[3 * k + 1] + dense[3 * k + 2] == 0) continue;
            sparse[kept] = k;
            System.arraycopy(dense, 3 * k, sparse, kept + 1, 3);
            kept += 4;
        }
        return Arrays.copyOf(sparse, kept);
    }

    int size() {
        return pictures.length;
    }

    /** True pixels of each class in a picture: what two runs over the same truth agree on. */
    int[] truth(int picture) {
        int[] truth = new int[classes], p = pictures[picture];
        for (int i = 0; i < p.length; i += 4) truth[p[i]] = p[i + 2];
        return truth;
    }

    /** mIoU of pictures, each as often as it is named; NaN if no class occurs. */
    double meanIou(int[] drawn) {
        long[] sums = new long[3 * classes];
        for (int picture : drawn) {
            int[] p = pictures[picture];
            for (int i = 0; i < p.length; i += 4) for (int k = 0; k < 3; k++) sums[3 * p[i] + k] += p[i + 1 + k];
        }
        double[] ious = new double[classes];
        for (int c = 0; c < classes; c++) {
            long union = sums[3 * c + 1] + sums[3 * c + 2] - sums[3 * c];
            ious[c] = union == 0 ? Double.NaN : 100.0 * sums[3 * c] / union;
        }
        return ConfusionMatrix.mean(ious);
    }
}
