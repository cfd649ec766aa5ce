package dev.freecp.bench.study;

import dev.freecp.image.Picture;

/** One figure. */
interface Study {

    /** Its file's name without the ending. */
    String name();

    Picture draw(Subject subject);
}
