package dev.freecp.cli;

import dev.freecp.error.InputException;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where results go. Files are written in sets: all of a set lie whole under hidden temporary names before the first takes its own, and if one cannot
 * be written none of them stays. When the JVM is ended, by Ctrl-C or otherwise, a set that is just taking its names is finished and any other is
 * removed.
 */
final class OutputFolder implements AutoCloseable {

    /** How a file is opened for writing. */
    @FunctionalInterface
    interface Opener {

        Opener DISK = Files::newOutputStream;

        OutputStream open(Path file) throws IOException;
    }

    /** What stands in a file. */
    @FunctionalInterface
    interface Content {

        /** Writes to a stream that the caller closes. */
        void writeTo(OutputStream out) throws IOException;
    }

    private final Path folder;
    private final List<Path> created;
    private final Opener opener;
    private final Map<Path, Path> staged = new LinkedHashMap<>();
    private final Thread onExit = Thread.ofPlatform().unstarted(this::abandon);
    private boolean ended;

    private OutputFolder(Path folder, List<Path> created, Opener opener) {
        this.folder = folder;
        this.created = created;
        this.opener = opener;
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /**
     * A folder that is known to be writable, made if need be.
     *
     * @throws InputException if it cannot be made or written
     */
    static OutputFolder open(Path folder, Opener opener) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) throw new InputException(folder + ": cannot hold results, it is a file; choose a folder with --out");
        List<Path> missing = new ArrayList<>();
        for (Path p = folder.toAbsolutePath(); p != null && !Files.exists(p); p = p.getParent()) missing.add(p);
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createFile(folder.resolve(".freecp." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".part")));
        } catch (IOException e) {
            removeEmpty(missing);
            throw new InputException(folder + ": cannot hold results (" + cause(e) + "); choose another folder with --out", e);
        }
        return new OutputFolder(folder, missing, opener);
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** The way from here to another file, with {@code /} between the parts; from the root where there is no other. */
    String wayTo(Path file) {
        Path here = folder.toAbsolutePath().normalize(), there = file.toAbsolutePath().normalize();
        return (here.getRoot().equals(there.getRoot()) ? here.relativize(there) : there).toString().replace(File.separatorChar, '/');
    }

    /**
     * Writes a set of files: all of them or, if one cannot be written, none. The last of the map is the last to take its name.
     *
     * @param files name to content, in order
     * @throws InputException that names the file and the cause
     */
    void write(Map<String, Content> files) {
        String current = "";
        try {
            for (Map.Entry<String, Content> file : files.entrySet()) {
                current = file.getKey();
                try (OutputStream out = stage(current)) {
                    file.getValue().writeTo(out);
                }
            }
            publish();
        } catch (IOException e) {
            throw cannotWrite(current, e);
        } finally {
            discard();
        }
    }

    /** Opens a file that {@link #publish} will give this name to. */
    OutputStream stage(String name) throws IOException {
        Path file = path(name), part = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        synchronized (this) {
            requireRunning();
            staged.put(part, file);
        }
        return new BufferedOutputStream(opener.open(part), 1 << 16);
    }

    /** Gives all staged files, which must be closed, their names. While this goes on, the JVM waits to end. */
    synchronized void publish() throws IOException {
        requireRunning();
        for (Map.Entry<Path, Path> file : staged.entrySet()) Files.move(file.getKey(), file.getValue(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        staged.clear();
    }

    InputException cannotWrite(String name, IOException e) {
        return new InputException(path(name) + ": cannot be written (" + cause(e) + ")", e);
    }

    private void requireRunning() throws IOException {
        if (ended) throw new IOException("the program is ending");
    }

    private synchronized void discard() {
        for (Path part : staged.keySet()) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                System.getLogger(OutputFolder.class.getName()).log(System.Logger.Level.WARNING, part + " is left behind (" + cause(e) + ")");
            }
        }
        staged.clear();
    }

    private synchronized void abandon() {
        ended = true;
        discard();
        removeEmpty(created);
    }

    /** Removes what is staged still, and the folder if it was made here and nothing came to lie in it. */
    @Override
    public void close() {
        abandon();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException _) {
            // The JVM is ending; the hook finds nothing left to do.
        }
    }

    private static void removeEmpty(List<Path> folders) {
        for (Path folder : folders) {
            if (!Files.exists(folder)) continue;
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                System.getLogger(OutputFolder.class.getName()).log(System.Logger.Level.WARNING, folder + " is left behind, empty (" + cause(e) + ")");
                return;
            }
        }
    }

    /** In words: a file system's messages are often only the file's name again. */
    private static String cause(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) return system.getReason();
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a part of the path is a file";
            case NoSuchFileException _ -> "there is no such place";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
