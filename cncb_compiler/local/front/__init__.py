"""The HTTP front: answers for deployed APIs as Amazon API Gateway would."""
