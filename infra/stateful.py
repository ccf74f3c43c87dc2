"""What must outlive a deployment: the bucket, the table, the secrets, and on AWS the catalog's database."""

from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.outputs import output
from infra.stages import Stage
from soundstage.platform.aws import film_parts, tunes
from soundstage.platform.aws import table as schema

if TYPE_CHECKING:
    from infra.catalog import Catalog


class StatefulStack(Stack):
    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: state", termination_protection=stage.keep)
        self.stage = stage
        self.bucket = self._bucket()
        self.table = self._table()
        self.signing_key = self._signing_key()
        self.telemetry = self._keys_of_others(
            "Telemetry", "langfuse_public_key, langfuse_secret_key, langfuse_base_url, sentry_dsn"
        )
        self.music_provider_keys = self._keys_of_others("MusicProviderKeys", "a music provider's name: its API key")
        self.language_model_key = self._keys_of_others("LanguageModelKey", "api_key")
        self.profile_key: kms.Key | None = None
        """What opens keys of model profiles; on a laptop a key is derived from a secret."""
        self.profile_secret: secretsmanager.Secret | None = None
        """That secret."""
        self.edge_key: secretsmanager.Secret | None = None
        """What CloudFront shows the API; on a laptop there is none."""
        self.catalog: Catalog | None = None
        if not stage.embedded:
            self._on_aws()
        else:
            self.profile_secret = self._generated(
                "ProfileKey", "Model profiles and webhooks: their secrets are sealed by a key from this text"
            )
            output(self, "ProfileSecret", self.profile_secret.secret_arn)
        # Exported under a fixed name, so that policies of other stacks can be told apart by it.
        self.bucket_arn = self.export_value(self.bucket.bucket_arn)
        output(self, "Bucket", self.bucket.bucket_name)
        output(self, "Table", self.table.table_name)
        output(self, "SigningKeySecret", self.signing_key.secret_arn)
        output(self, "TelemetrySecret", self.telemetry.secret_arn)
        output(self, "MusicProviderKeysSecret", self.music_provider_keys.secret_arn)
        output(self, "LanguageModelKeySecret", self.language_model_key.secret_arn)

    def _on_aws(self) -> None:
        # Stage local has none of these: reading what the CDK knows about RDS is a sixth of its time.
        from infra.backups import Backups  # noqa: PLC0415
        from infra.catalog import Catalog  # noqa: PLC0415

        self.profile_key = kms.Key(
            self,
            "ProfileKey",
            description="Model profiles: opens the data keys of their API keys",
            enable_key_rotation=True,
            removal_policy=self.stage.removal_policy,
        )
        self.edge_key = self._generated(
            "EdgeKey", "What CloudFront shows the API: the text current and, while it is rolled, previous"
        )
        output(self, "EdgeKeySecret", self.edge_key.secret_arn)
        self.catalog = Catalog(self, "Catalog", stage=self.stage)
        # Stages from before infra.monitoring import it in their app, which is deployed after this.
        self.export_value(self.catalog.cluster.cluster_identifier)
        if self.stage.keep:
            made = [self.bucket.bucket_arn, self.table.table_arn, self.catalog.cluster.cluster_arn]
            Backups(self, "Backups", stage=self.stage, arns=made)

    def _bucket(self) -> s3.Bucket:
        methods = [s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.PUT, s3.HttpMethods.POST]
        bucket = s3.Bucket(
            self,
            "Bucket",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=self.stage.removal_policy,
            cors=[
                # A URL's signature is all that counts here, and a page has no other way to it than a program has:
                # naming pages would only shut out the console, whose address is known after this bucket is made.
                s3.CorsRule(
                    allowed_origins=["*"],
                    allowed_methods=methods,
                    allowed_headers=["*"],
                    exposed_headers=["ETag"],
                    max_age=3600,
                )
            ],
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="work-expires", prefix="work/", expiration=Duration.days(self.stage.work_expires_days)
                ),
                s3.LifecycleRule(
                    id="film-parts-expire", prefix=film_parts.PREFIX, expiration=Duration.days(film_parts.EXPIRE_DAYS)
                ),
                s3.LifecycleRule(
                    id="heard-expires", prefix=tunes.HEARD, expiration=Duration.days(tunes.HEARD_EXPIRES_DAYS)
                ),
                s3.LifecycleRule(
                    id="old-versions-expire",
                    noncurrent_version_expiration=Duration.days(self.stage.old_versions_expire_days),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
            ],
        )
        # The property of the resource itself; the L2 option would add a function that sets it from outside.
        resource = bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )
        acknowledge(
            bucket,
            {
                "AwsSolutions-S1": "The API logs whom it gives an address in the bucket. Who reads otherwise is for "
                "the account's own trail, whose data events docs/aws.md turns on.",
            },
        )
        return bucket

    def _table(self) -> dynamodb.TableV2:
        def attribute(name: str) -> dynamodb.Attribute:
            return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

        indexes = (
            (schema.GSI1, schema.GSI1_PARTITION_KEY, schema.GSI1_SORT_KEY),
            (schema.GSI2, schema.GSI2_PARTITION_KEY, schema.GSI2_SORT_KEY),
        )
        return dynamodb.TableV2(
            self,
            "Table",
            partition_key=attribute(schema.PARTITION_KEY),
            sort_key=attribute(schema.SORT_KEY),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=name, partition_key=attribute(partition), sort_key=attribute(sort)
                )
                for name, partition, sort in indexes
            ],
            billing=dynamodb.Billing.on_demand(),
            time_to_live_attribute=schema.TTL_ATTRIBUTE,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self.stage.keep,
            removal_policy=self.stage.removal_policy,
        )

    def _signing_key(self) -> secretsmanager.Secret:
        """What access tokens are signed with: ``{"current": …, "previous": …}``; keys are derived from the texts."""
        return self._generated(
            "SigningKey", "Access tokens: keys are derived from the texts current and, while it is rolled, previous"
        )

    def _generated(self, id_: str, description: str) -> secretsmanager.Secret:
        """``{"current": …}``: 64 random characters."""
        secret = secretsmanager.Secret(
            self,
            id_,
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template="{}",  # noqa: S106  (the empty object)
                generate_string_key="current",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=self.stage.removal_policy,
        )
        acknowledge(
            secret,
            {"AwsSolutions-SMG4": "Rolled by hand, with an overlap: a blind rotation ends what was made with it."},
        )
        return secret

    def _keys_of_others(self, id_: str, fields: str) -> secretsmanager.Secret:
        """Keys to other people's services, as JSON with ``fields``. Until somebody fills it in, they are off."""
        secret = secretsmanager.Secret(self, id_, description=fields, removal_policy=self.stage.removal_policy)
        acknowledge(
            secret, {"AwsSolutions-SMG4": "These keys belong to other services, which have no way to rotate them."}
        )
        return secret
