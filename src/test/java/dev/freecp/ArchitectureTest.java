package dev.freecp;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house rules that the compiler does not know. */
class ArchitectureTest {

    /** Each package stands only on those before it. {@code error} is open to all and stands on none. */
    private static final List<String> PACKAGES =
        List.of("error", "tensor", "weights", "ops", "cpu", "cuda", "clip", "image", "purify", "segment", "evaluate", "report", "words", "parity", "serve", "cli");

    private static JavaClasses engine;

    @BeforeAll
    static void readClasses() {
        engine = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.freecp");
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        check(classes().should().resideInAnyPackage(PACKAGES.stream().map(ArchitectureTest::named).toArray(String[]::new)));
    }

    static Stream<String> packages() {
        return PACKAGES.stream();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void standsOnlyOnPackagesBeforeIt(String name) {
        String[] later = PACKAGES.stream().skip(PACKAGES.indexOf(name) + 1).map(ArchitectureTest::named).toArray(String[]::new);
        check(noClasses().that().resideInAPackage(named(name)).should().dependOnClassesThat(resideInAnyPackage(later)));
    }

    @Test
    void backendsDoNotKnowEachOther() {
        check(noClasses().that().resideInAPackage(named("cuda")).should().dependOnClassesThat(resideInAPackage(named("cpu"))));
    }

    @Test
    void onlyCpuUsesTheVectorApi() {
        check(noClasses().that(not(resideInAPackage(named("cpu")))).should().dependOnClassesThat(resideInAPackage("jdk.incubator.vector..")));
    }

    @Test
    void onlyCudaUsesJcuda() {
        check(noClasses().that(not(resideInAPackage(named("cuda")))).should().dependOnClassesThat(resideInAPackage("jcuda..")));
    }

    @Test
    void onlyMainEndsTheJvm() {
        check(noClasses().that().doNotHaveFullyQualifiedName("dev.freecp.cli.Main").should().callMethod(System.class, "exit", int.class)
            .orShould().callMethod(Runtime.class, "exit", int.class).orShould().callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void noStaticStateChanges() {
        check(fields().that().areStatic().should().beFinal());
        check(fields().that().areStatic().and().arePublic().should().notHaveRawType(DescribedPredicate.describe("an array", JavaClass::isArray)));
    }

    @Test
    void logsOnlyThroughSystemLogger() {
        // The application decides where the engine's warnings go, and java.util.logging is where the JDK lets it.
        check(noClasses().that().doNotHaveFullyQualifiedName("dev.freecp.cli.Warnings").should().dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.logging..")));
    }

    private static String named(String name) {
        return "dev.freecp." + name + "..";
    }

    /** Some packages are still empty, and their rules hold all the same. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(engine);
    }
}
