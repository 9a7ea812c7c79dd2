"""SAM templates of N services: what the generated systems say, in the SAM translator's own language.

Four functions with inline policies and log groups, two tables, an HTTP API and a failure queue a service;
event source mappings with the same filters and failure handling as cncb derives. The roles, permissions,
mappings and API parts are the translator's to make, as they are cncb's.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.generate import CHAIN, upstream

_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: Keeps its items, and a view of those of service-{before}.
Parameters:
  Stage: {{Type: String, Default: dev}}
  MainStreamArn: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /bench/streams/main/arn}}
  MainStreamName: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /bench/streams/main/name}}
  CodeBucket: {{Type: String}}
Globals:
  Function:
    Runtime: python3.13
    Handler: handler.handle
    MemorySize: 256
    Timeout: 29
    Tags: {{system: bench, service: service-{at}, owner: team-{chain}}}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: $default
      Tags: {{system: bench, service: service-{at}, owner: team-{chain}}}
  ViewUpstream:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {{Bucket: {{Ref: CodeBucket}}, Key: service-{at}/view-upstream.zip}}
      Environment: {{Variables: {{TABLE: {{Ref: UpstreamTable}}, STREAM: {{Ref: MainStreamName}}}}}}
      Policies:
      - Version: "2012-10-17"
        Statement:
        - Effect: Allow
          Action: ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          Resource: {{"Fn::GetAtt": [UpstreamTable, Arn]}}
        - Effect: Allow
          Action: ["kinesis:PutRecords"]
          Resource: {{Ref: MainStreamArn}}
      Events:
        Stream:
          Type: Kinesis
          Properties:
            Stream: {{Ref: MainStreamArn}}
            StartingPosition: TRIM_HORIZON
            BatchSize: 100
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 5
            MaximumRecordAgeInSeconds: 86400
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig:
              OnFailure: {{Type: SQS, Destination: {{"Fn::GetAtt": [Failures, Arn]}}}}
            FilterCriteria:
              Filters:
              - Pattern: '{{"data":{{"type":["item-{before}-changed"]}}}}'
  ChangesItems:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {{Bucket: {{Ref: CodeBucket}}, Key: service-{at}/changes-items.zip}}
      Environment: {{Variables: {{STREAM: {{Ref: MainStreamName}}}}}}
      Policies:
      - Version: "2012-10-17"
        Statement:
        - Effect: Allow
          Action: ["kinesis:PutRecords"]
          Resource: {{Ref: MainStreamArn}}
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: {{"Fn::GetAtt": [ItemsTable, StreamArn]}}
            StartingPosition: TRIM_HORIZON
            BatchSize: 100
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 5
            MaximumRecordAgeInSeconds: 86400
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig:
              OnFailure: {{Type: SQS, Destination: {{"Fn::GetAtt": [Failures, Arn]}}}}
            FilterCriteria:
              Filters:
              - Pattern: '{{"eventName":["INSERT","MODIFY"]}}'
  CommandOpen:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {{Bucket: {{Ref: CodeBucket}}, Key: service-{at}/command-open.zip}}
      Environment: {{Variables: {{TABLE: {{Ref: ItemsTable}}}}}}
      Policies:
      - Version: "2012-10-17"
        Statement:
        - Effect: Allow
          Action: ["dynamodb:PutItem"]
          Resource: {{"Fn::GetAtt": [ItemsTable, Arn]}}
      Events:
        Route: {{Type: HttpApi, Properties: {{ApiId: {{Ref: Api}}, Method: POST, Path: /items}}}}
  QueryUpstream:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {{Bucket: {{Ref: CodeBucket}}, Key: service-{at}/query-upstream.zip}}
      Environment: {{Variables: {{TABLE: {{Ref: UpstreamTable}}}}}}
      Policies:
      - Version: "2012-10-17"
        Statement:
        - Effect: Allow
          Action: ["dynamodb:GetItem"]
          Resource: {{"Fn::GetAtt": [UpstreamTable, Arn]}}
      Events:
        Route: {{Type: HttpApi, Properties: {{ApiId: {{Ref: Api}}, Method: GET, Path: "/upstream/{{id}}"}}}}
  ViewUpstreamLogs:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: {{"Fn::Sub": "/aws/lambda/${{ViewUpstream}}"}}, RetentionInDays: 30}}
  ChangesItemsLogs:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: {{"Fn::Sub": "/aws/lambda/${{ChangesItems}}"}}, RetentionInDays: 30}}
  CommandOpenLogs:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: {{"Fn::Sub": "/aws/lambda/${{CommandOpen}}"}}, RetentionInDays: 30}}
  QueryUpstreamLogs:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: {{"Fn::Sub": "/aws/lambda/${{QueryUpstream}}"}}, RetentionInDays: 30}}
  Failures:
    Type: AWS::SQS::Queue
    Properties: {{SqsManagedSseEnabled: true, MessageRetentionPeriod: 1209600}}
  ItemsTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      PointInTimeRecoverySpecification: {{PointInTimeRecoveryEnabled: true}}
      SSESpecification: {{SSEEnabled: true}}
      StreamSpecification: {{StreamViewType: NEW_AND_OLD_IMAGES}}
  UpstreamTable:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      PointInTimeRecoverySpecification: {{PointInTimeRecoveryEnabled: true}}
      SSESpecification: {{SSEEnabled: true}}
"""


def write(folder: Path, services: int) -> None:
    """Write one SAM template a service into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(services):
        before = f"{upstream(index, services):04}"
        text = _TEMPLATE.format(at=f"{index:04}", before=before, chain=f"{index // CHAIN:03}")
        (folder / f"service-{index:04}.yaml").write_text(text, encoding="utf-8", newline="\n")
