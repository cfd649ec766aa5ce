package dev.freecp.serve;

import java.io.IOException;

/**
 * A picture's file as it came, with what is wanted of it.
 *
 * @param name what to call it in messages and reports
 */
record Upload(String name, byte[] bytes, Parameters parameters) {

    private static final String DEFAULT_NAME = "picture";

    /**
     * The body is the file itself, whatever its content type, unless that is multipart/form-data: then one part has a file, a part of type application/json
     * is an object of parameters, and each other part is a parameter.
     */
    static Upload read(Call call) throws IOException {
        Parameters parameters = call.query();
        byte[] body = call.body();
        String name = parameters.take("name").orElse(null);
        if (!call.type().equals("multipart/form-data")) return new Upload(name == null ? DEFAULT_NAME : name, body, parameters);
        byte[] picture = null;
        for (Multipart.Part part : Multipart.parse(call.header("Content-Type").orElseThrow(), body)) {
            if (part.type().equals("application/json")) {
                parameters.addJson(part.content());
            } else if (part.file().isPresent()) {
                if (picture != null) throw new Refusal(Refusal.BAD_REQUEST, "the request has two files; send one picture at a time");
                picture = part.content();
                if (name == null && !part.file().get().isEmpty()) name = part.file().get();
            } else {
                parameters.add(part.name(), part.text());
            }
        }
        if (picture == null) throw new Refusal(Refusal.BAD_REQUEST, "the request has no file; add the picture as a part with a file name");
        return new Upload(name == null ? DEFAULT_NAME : name, picture, parameters);
    }
}
