package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lists of constants and the switches that name them are written apart; here they are held together. */
class ConstantNamesTest {
    private static final Map<String, String> NAMED_OTHERWISE = Map.of(
            "USE_ASSIGNED_HOA", "USE_ASSIGNED_HoA", "IDI", "IDi", "IDR", "IDr", "TSI", "TSi", "TSR", "TSr",
            "NONCE", "Nonce", "NOTIFY", "N", "DELETE", "D", "VENDOR_ID", "V", "NONE", "none");

    @Test
    void everyConstantHasItsNameAndNoNumberIsUsedTwice() throws IllegalAccessException {
        check(ExchangeType.class, ExchangeType::nameOf);
        check(PayloadType.class, PayloadType::nameOf);
        check(NotifyType.class, NotifyType::nameOf);
        check(ProtocolId.class, ProtocolId::nameOf);
        check(TransformType.class, TransformType::nameOf);
        check(ConfigAttributeType.class, ConfigAttributeType::nameOf);
        check(ConfigType.class, ConfigType::nameOf);
        check(IdType.class, IdType::nameOf);
        check(CertEncoding.class, CertEncoding::nameOf);
        check(TrafficSelectorType.class, TrafficSelectorType::nameOf);
        assertEquals("NULL", AuthMethod.nameOf(AuthMethod.NULL));
        check(AuthMethod.class, AuthMethod::nameOf);
    }

    @Test
    void everyTransformHasItsName() throws IllegalAccessException {
        for (Field field : constants(TransformId.class)) {
            String name = field.getName();
            int type = name.startsWith("ENCR_") ? TransformType.ENCR
                    : name.startsWith("PRF_") ? TransformType.PRF
                    : name.startsWith("AUTH_") ? TransformType.INTEG
                    : name.endsWith("ESN") ? TransformType.ESN : TransformType.KE;
            assertEquals(name, TransformId.nameOf(type, field.getInt(null)));
        }
        assertEquals("KE1_ML_KEM_768", TransformId.nameOf(TransformType.ADDITIONAL_KE_1, TransformId.ML_KEM_768));
    }

    @Test
    void theUnknownIsNamedByItsNumber() {
        assertEquals("notify 40000", NotifyType.nameOf(40_000));
        assertEquals("payload 200", PayloadType.nameOf(200));
        assertEquals("exchange 240", ExchangeType.nameOf(240));
        assertEquals("ENCR 1024", TransformId.nameOf(TransformType.ENCR, 1024));
        assertEquals("transform type 99 5", TransformId.nameOf(99, 5));
    }

    @Test
    void errorsAreBelowTheFirstStatus() {
        assertTrue(NotifyType.isError(NotifyType.TS_MAX_QUEUE));
        assertTrue(!NotifyType.isError(NotifyType.INITIAL_CONTACT));
    }

    private static void check(Class<?> holder, IntFunction<String> nameOf) throws IllegalAccessException {
        var numbers = new HashSet<Integer>();
        for (Field field : constants(holder)) {
            if (field.getName().equals("FIRST_STATUS")) {
                continue;
            }
            int number = field.getInt(null);
            assertTrue(numbers.add(number), holder.getSimpleName() + " has " + number + " twice");
            assertEquals(NAMED_OTHERWISE.getOrDefault(field.getName(), field.getName()), nameOf.apply(number));
        }
    }

    private static List<Field> constants(Class<?> holder) {
        return Stream.of(holder.getFields())
                .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == int.class)
                .toList();
    }
}
