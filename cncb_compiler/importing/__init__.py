"""What a team already has, as a topology to start from: AsyncAPI, CloudFormation, SAM, Serverless Framework.

A description is read (`read`), what it means is gathered in a `Draft`, and that is written as a team would write it
(`write`). What could not be understood becomes a `Note` with its place; nothing is dropped in silence.
"""
