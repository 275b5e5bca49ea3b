package io.millrace.e2e.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Effects of the APIs about who may do what: none, and the answers say so.
final class SecurityEffects {
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);
    private static final byte TOPIC = 2;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;

    private SecurityEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.DESCRIBE_ACLS, everywhere(SecurityEffects::describeAcls, Errors.SECURITY_DISABLED),
                ApiKeys.CREATE_ACLS, everywhere(SecurityEffects::createAcls, Errors.SECURITY_DISABLED),
                ApiKeys.DELETE_ACLS, everywhere(SecurityEffects::deleteAcls, Errors.SECURITY_DISABLED),
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, everywhere(SecurityEffects::describeCredentials, Errors.NONE),
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                        everywhere(SecurityEffects::alterCredentials, Errors.UNSUPPORTED_SASL_MECHANISM));
    }

    private interface Answered {
        short errorCode(Scene scene, Service listener, int version);
    }

    private static Effect everywhere(Answered answered, Errors expected) {
        return (scene, version) ->
                LISTENERS.forEach(listener -> assertThat(Errors.forCode(answered.errorCode(scene, listener, version)))
                        .isEqualTo(expected));
    }

    private static short describeAcls(Scene scene, Service listener, int version) {
        DescribeAclsRequestData request = new DescribeAclsRequestData()
                .setResourceTypeFilter(TOPIC)
                .setPatternTypeFilter((byte) 3)
                .setOperation(READ)
                .setPermissionType(ALLOW);
        return scene.call(listener, request, version, DescribeAclsResponseData.class)
                .errorCode();
    }

    private static short createAcls(Scene scene, Service listener, int version) {
        CreateAclsRequestData request = new CreateAclsRequestData()
                .setCreations(List.of(new CreateAclsRequestData.AclCreation()
                        .setResourceType(TOPIC)
                        .setResourceName("t")
                        .setResourcePatternType((byte) 3)
                        .setPrincipal("User:a")
                        .setHost("*")
                        .setOperation(READ)
                        .setPermissionType(ALLOW)));
        return scene.call(listener, request, version, CreateAclsResponseData.class)
                .results()
                .getFirst()
                .errorCode();
    }

    private static short deleteAcls(Scene scene, Service listener, int version) {
        DeleteAclsRequestData request = new DeleteAclsRequestData()
                .setFilters(List.of(new DeleteAclsRequestData.DeleteAclsFilter()
                        .setResourceTypeFilter(TOPIC)
                        .setPatternTypeFilter((byte) 3)
                        .setOperation(READ)
                        .setPermissionType(ALLOW)));
        return scene.call(listener, request, version, DeleteAclsResponseData.class)
                .filterResults()
                .getFirst()
                .errorCode();
    }

    private static short describeCredentials(Scene scene, Service listener, int version) {
        return scene.call(
                        listener,
                        new DescribeUserScramCredentialsRequestData().setUsers(null),
                        version,
                        DescribeUserScramCredentialsResponseData.class)
                .errorCode();
    }

    private static short alterCredentials(Scene scene, Service listener, int version) {
        AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData()
                .setDeletions(List.of(new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                        .setName("a")
                        .setMechanism((byte) 1)));
        return scene.call(listener, request, version, AlterUserScramCredentialsResponseData.class)
                .results()
                .getFirst()
                .errorCode();
    }
}
