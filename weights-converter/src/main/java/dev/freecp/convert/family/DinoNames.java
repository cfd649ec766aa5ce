package dev.freecp.convert.family;

/** DINO's and DINOv2's names, which stay as they are. */
final class DinoNames {

    private DinoNames() {
    }

    static Mapping map(SourceSizes at) {
        int width = at.size(0, "patch_embed.proj.weight", "norm.weight");
        boolean gated = at.has("blocks.0.mlp.w12.weight");
        int mlpWidth = gated ? at.size(1, "blocks.0.mlp.w3.weight") : at.size(0, "blocks.0.mlp.fc1.weight");
        VisionSizes v = new VisionSizes(width, at.layers("blocks"), mlpWidth, at.patch("patch_embed.proj.weight"), at.grid(at.size(1, "pos_embed")), registers(at));
        RecipeBook book = new RecipeBook();
        same(book, "cls_token", 1, 1, width);
        same(book, "pos_embed", 1, 1 + v.grid() * v.grid(), width);
        if (v.registers() > 0) same(book, "register_tokens", 1, v.registers(), width);
        if (at.has("mask_token")) same(book, "mask_token", 1, width);
        same(book, "patch_embed.proj.weight", width, 3, v.patch(), v.patch());
        same(book, "patch_embed.proj.bias", width);
        boolean scaled = at.has("blocks.0.ls1.gamma") || at.has("blocks.0.ls2.gamma");
        for (int i = 0; i < v.layers(); i++) {
            String block = "blocks." + i;
            linear(book, block + ".attn.qkv", 3 * width, width);
            linear(book, block + ".attn.proj", width, width);
            linear(book, block + (gated ? ".mlp.w12" : ".mlp.fc1"), gated ? 2 * mlpWidth : mlpWidth, width);
            linear(book, block + (gated ? ".mlp.w3" : ".mlp.fc2"), width, mlpWidth);
            book.norm(block + ".norm1", block + ".norm1", width);
            book.norm(block + ".norm2", block + ".norm2", width);
            if (!scaled) continue;
            same(book, block + ".ls1.gamma", width);
            same(book, block + ".ls2.gamma", width);
        }
        book.norm("norm", "norm", width);
        return new Mapping(book.recipes(), v, null, width);
    }

    private static int registers(SourceSizes at) {
        return at.has("register_tokens") ? at.size(1, "register_tokens") : 0;
    }

    private static void same(RecipeBook book, String name, int... sizes) {
        book.whole(name, name, sizes);
    }

    private static void linear(RecipeBook book, String name, int out, int in) {
        book.linear(name, name, out, in);
    }
}
